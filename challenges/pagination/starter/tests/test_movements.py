import pytest


def test_movements_are_listed_newest_first(client):
    answer = client.get("/api/parts/HX-2204/movements")

    assert [(movement["kind"], movement["quantity"], movement["at"]) for movement in answer.json["movements"]] == [
        ("out", 50, "2026-06-03T14:05:00Z"),
        ("in", 300, "2026-06-01T09:30:00Z"),
    ]


def test_a_movement_changes_the_quantity(client):
    answer = client.post("/api/parts/HX-5002/movements", json={"kind": "out", "quantity": 2, "note": "repair 77"})

    assert answer.status_code == 201
    assert client.get("/api/parts/HX-5002").json["part"]["quantity"] == 0
    assert client.get("/api/parts/HX-5002/movements").json["movements"] == [answer.json["movement"]]


def test_no_more_goes_out_than_there_is(client):
    answer = client.post("/api/parts/HX-5002/movements", json={"kind": "out", "quantity": 3})

    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "not_enough"


@pytest.mark.parametrize("body", [{}, {"kind": "up", "quantity": 1}, {"kind": "in", "quantity": 0}, []])
def test_a_body_that_makes_no_sense_is_refused(client, body):
    assert client.post("/api/parts/HX-5002/movements", json=body).status_code == 400
