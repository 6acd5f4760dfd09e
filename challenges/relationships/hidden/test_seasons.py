"""R5: seasons that are closed."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R5", "After a season was closed there are labels left, or something else is gone.")
def test_a_season_goes_with_the_labels_of_its_exhibitions(client, hall, register, agrees):
    answer = client.delete(f"/seasons/{hall.year}")

    assert (answer.status_code, answer.json) == (200, {"removed": 2})
    left = register.without(exhibitions=[hall.main, hall.last])
    agrees(left, items=[hall.rich, hall.other_lent], exhibitions=[hall.running, hall.past])


@requirement("R5", "A new exhibition opens with labels of one that went with its season.")
def test_a_new_exhibition_has_no_labels(client, hall, register, agrees, word):
    client.delete(f"/seasons/{hall.year}")
    sent = {"title": word(), "opens": f"{hall.year + 1}-02-01", "closes": f"{hall.year + 2}-05-01"}

    new = client.post("/exhibitions", json=sent)

    assert (new.status_code, new.json) == (201, sent | {"id": new.json["id"], "labels": []})
    left = register.without(exhibitions=[hall.main, hall.last])
    assert client.get("/labels").json == {"labels": left.labels()}
    assert client.delete(f"/seasons/{hall.year + 2}").json == {"removed": 1}
    agrees(left, items=[hall.shared])


@requirement("R5", "A season in which nothing closes, or nothing that has labels, is not closed as before.")
def test_a_season_without_labels_closes(client, hall, register, agrees, word):
    year = hall.year + 3
    sent = {"title": word(), "opens": f"{hall.year}-02-01"}
    for day in ("01-01", "12-31"):
        assert client.post("/exhibitions", json=sent | {"closes": f"{year}-{day}"}).status_code == 201

    for closed, removed in ((year - 1, 0), (year, 2), (year, 0), (year + 1, 0)):
        assert client.delete(f"/seasons/{closed}").json == {"removed": removed}
    agrees(register, exhibitions=[hall.main, hall.last])
