"""R1: exhibitions that are removed."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R1", "After an exhibition was removed its labels are still there, or something else is not.")
def test_an_exhibition_goes_with_its_labels(client, hall, register, agrees):
    assert client.delete(f"/exhibitions/{hall.main}").status_code == 204

    agrees(register.without(exhibitions=[hall.main]), items=[hall.rich, hall.plain], exhibitions=[hall.running])
    assert client.get(f"/exhibitions/{hall.main}").status_code == 404


@requirement("R1", "When all exhibitions are removed, one after the other, there are labels left or objects gone.")
def test_all_exhibitions_go(client, hall, register, agrees, rng):
    numbers = [row["id"] for row in hall.rows["exhibitions"]]
    for number in rng.sample(numbers, len(numbers)):
        assert client.delete(f"/exhibitions/{number}").status_code == 204

    agrees(register.without(exhibitions=numbers), items=[hall.shared, hall.lent])
    assert client.get("/exhibitions").json == {"exhibitions": []}


@requirement("R1", "An object of an exhibition that was removed can't be shown in another one.")
def test_objects_of_a_removed_exhibition_are_shown_elsewhere(client, hall, register, agrees, word):
    client.delete(f"/exhibitions/{hall.last}")
    new = client.post("/exhibitions", json={"title": word(), "opens": "2071-04-01", "closes": "2071-05-01"}).json
    assert new["labels"] == []
    chosen = {hall.shared: word(), hall.other_lent: word()}

    sent = {"labels": [{"item": item, "text": text} for item, text in chosen.items()]}
    shown = client.put(f"/exhibitions/{new['id']}/labels", json=sent)

    left = register.without(exhibitions=[hall.last])
    assert shown.status_code == 200
    assert [(label["item"], label["text"]) for label in shown.json["labels"]] == [
        (left.brief(item), text) for item, text in chosen.items()
    ]
    assert client.delete(f"/exhibitions/{new['id']}").status_code == 204
    agrees(left, items=[hall.other_lent])


@requirement("R1", "An exhibition without labels is not removed, or something else is.")
def test_an_exhibition_without_labels_goes(client, hall, register, agrees, word):
    new = client.post("/exhibitions", json={"title": word(), "opens": "2071-04-01", "closes": "2071-05-01"}).json
    assert client.get(f"/exhibitions/{new['id']}").json == new

    assert client.delete(f"/exhibitions/{new['id']}").status_code == 204
    unknown = client.delete(f"/exhibitions/{new['id']}")

    assert (unknown.status_code, unknown.json["error"]["code"]) == (404, "unknown_exhibition")
    agrees(register, exhibitions=[hall.main, hall.running])
