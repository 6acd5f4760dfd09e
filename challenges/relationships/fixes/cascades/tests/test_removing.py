import pytest
from sqlalchemy import func, select

from weavers.extensions import db
from weavers.models import Exhibition, Item, Label, Lender, Photo, Report


@pytest.fixture
def count(app):
    def count(model):
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(model))

    return count


def test_an_exhibition_takes_its_labels(client, count):
    assert client.delete("/exhibitions/1").status_code == 204

    assert (count(Exhibition), count(Label), count(Item)) == (1, 2, 5)
    assert client.get("/labels").status_code == 200


def test_what_is_taken_out_stays_in_the_register(client, id_of, count):
    shown = [{"item": id_of("L.14"), "text": "A rose."}]

    assert len(client.put("/exhibitions/1/labels", json={"labels": shown}).json["labels"]) == 1

    assert (count(Label), count(Item), count(Photo)) == (3, 5, 2)


def test_an_object_takes_what_is_its_own(client, id_of, count):
    assert client.delete(f"/items/{id_of('1931.7')}").status_code == 204

    assert (count(Label), count(Photo), count(Report)) == (4, 0, 1)
    assert {"word": "jacquard", "items": 1} in client.get("/keywords").json["keywords"]


def test_an_id_that_is_given_again_brings_nothing_along(client):
    number = max(item["id"] for item in client.get("/items").json["items"])
    client.post(f"/items/{number}/reports", json={"text": "Dust."})
    client.delete(f"/items/{number}")

    new = client.post("/items", json={"number": "2027.1", "title": "Spindle"}).json

    assert new["id"] == number
    assert new["reports"] == new["labels"] == new["photos"] == []


def test_a_lender_stays_while_something_is_here(client, id_of, count):
    answer = client.delete("/lenders/2")
    assert answer.status_code == 409
    assert "Ada Moss" in answer.json["error"]["detail"]
    client.delete(f"/items/{id_of('L.13')}")

    assert client.delete("/lenders/2").status_code == 204
    assert count(Lender) == 1


def test_a_season_takes_its_labels(client, count):
    assert client.delete("/seasons/2026").json == {"removed": 1}
    assert count(Label) == 2


def test_the_page_after_the_screen(client):
    number = client.get("/today").json["id"]
    client.patch(f"/items/{number}", json={"title": "Corrected"})

    assert client.get("/today/page").json["title"] == "Corrected"
    client.delete(f"/items/{number}")
    assert client.get("/today").json["title"] != "Corrected"
