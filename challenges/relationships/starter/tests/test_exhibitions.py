import pytest


def test_an_exhibition_is_shown_in_its_order(client):
    shown = client.get("/exhibitions/1").json

    assert shown["title"] == "Patterns"
    assert shown["closes"] == "2026-10-31"
    assert [label["item"]["number"] for label in shown["labels"]] == ["1931.7", "1950.2", "L.14"]


def test_objects_come_in_another_order_and_keep_their_labels(client, id_of):
    before = {label["item"]["number"]: label["id"] for label in client.get("/exhibitions/1").json["labels"]}
    order = ["L.14", "1931.7", "L.12", "1950.2"]
    labels = [{"item": id_of(number), "text": f"About {number}."} for number in order]

    shown = client.put("/exhibitions/1/labels", json={"labels": labels}).json["labels"]

    assert [label["item"]["number"] for label in shown] == order
    assert [label["text"] for label in shown] == [f"About {number}." for number in order]
    assert {label["item"]["number"]: label["id"] for label in shown}.items() >= before.items()


@pytest.mark.parametrize("labels", [None, [{"item": 99, "text": "?"}], [{"item": 1, "text": ""}], [{"text": "?"}]])
def test_labels_that_make_no_sense_are_refused(client, labels):
    assert client.put("/exhibitions/1/labels", json={"labels": labels}).status_code == 400


def test_an_exhibition_without_labels_is_removed(client):
    new = {"title": "Felt", "opens": "2028-01-01", "closes": "2028-02-01"}
    number = client.post("/exhibitions", json=new).json["id"]
    assert client.get(f"/exhibitions/{number}").json == new | {"id": number, "labels": []}

    assert client.delete(f"/exhibitions/{number}").status_code == 204

    assert client.get(f"/exhibitions/{number}").status_code == 404
    assert len(client.get("/exhibitions").json["exhibitions"]) == 2


def test_a_season_is_closed(client):
    new = {"title": "Felt", "opens": "2028-01-01", "closes": "2028-02-01"}
    client.post("/exhibitions", json=new)

    assert client.delete("/seasons/2028").json == {"removed": 1}
    assert client.delete("/seasons/2028").json == {"removed": 0}
