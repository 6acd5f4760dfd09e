import pytest

READING = {
    "docket": "D-50501",
    "farm": "MS-031",
    "day": "2026-03-03",
    "run": "am",
    "litres": 840,
    "temperature": 4.0,
    "driver": "Ann Rowe",
}


def test_a_docket_is_entered(client):
    answer = client.post("/pickups", json=READING)

    assert answer.status_code == 201
    assert answer.json == READING | {"note": None, "revision": 1}
    assert client.get("/pickups/D-50501").json == answer.json


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"litres": 0}, 400, "invalid_reading"),
        ({"temperature": "cold"}, 400, "invalid_reading"),
        ({"day": "Monday"}, 400, "invalid_reading"),
        ({"run": "noon"}, 400, "invalid_reading"),
        ({"farm": "KV-000"}, 400, "unknown_farm"),
        ({"litres": 1801}, 422, "over_quota"),
    ],
)
def test_what_makes_no_sense_is_refused(client, change, status, code):
    answer = client.post("/pickups", json=READING | change)

    assert answer.status_code == status
    assert answer.json["error"]["code"] == code


def test_the_office_corrects_a_docket(client):
    answer = client.patch("/pickups/D-50412", json={"revision": 1, "litres": 1100, "note": "Read off the wrong line"})

    assert answer.status_code == 200
    assert (answer.json["litres"], answer.json["note"]) == (1100, "Read off the wrong line")
    assert answer.json["revision"] == 2


def test_a_correction_of_an_older_revision_is_not_accepted(client):
    client.patch("/pickups/D-50412", json={"revision": 1, "litres": 1100})
    answer = client.patch("/pickups/D-50412", json={"revision": 1, "litres": 1200})

    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "outdated"
    assert client.get("/pickups/D-50412").json["litres"] == 1100
