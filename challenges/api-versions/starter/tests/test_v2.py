import pytest


def test_chargers_come_in_pages(client):
    first = client.get("/v2/chargers").json

    assert [charger["code"] for charger in first["chargers"]] == [f"KLX-{number:02}" for number in range(1, 21)]
    assert first["total"] == 23
    assert first["next"] == "/v2/chargers?limit=20&offset=20"
    last = client.get(first["next"]).json
    assert [charger["code"] for charger in last["chargers"]] == ["KLX-21", "KLX-22", "KLX-23"]
    assert last["next"] is None


def test_chargers_by_state(client):
    answer = client.get("/v2/chargers?state=reserved").json

    assert [charger["code"] for charger in answer["chargers"]] == ["KLX-05"]


def test_a_charger(client):
    assert client.get("/v2/chargers/KLX-04").json == {
        "code": "KLX-04",
        "state": "available",
        "power_w": 3680,
        "site": {
            "code": "BRK",
            "name": "Brookfield Harbour",
            "address": {"street": "Harbour Street 4", "postcode": "2100", "city": "Brookfield"},
        },
    }


def test_sites(client):
    sites = client.get("/v2/sites").json["sites"]

    assert [(site["code"], site["availability"]) for site in sites] == [
        ("BRK", {"total": 8, "available": 5}),
        ("OAK", {"total": 15, "available": 14}),
    ]
    assert client.get("/v2/sites/OAK").json == sites[1]


def test_a_session_from_start_to_end(client):
    begun = client.post("/v2/sessions", json={"charger_code": "KLX-01", "card_id": "C-9"})

    assert begun.status_code == 201
    assert begun.headers["Location"] == f"/v2/sessions/{begun.json['id']}"
    assert begun.json["ended_at"] is None
    assert client.get("/v2/chargers/KLX-01").json["state"] == "occupied"

    ended = client.patch(begun.headers["Location"], json={"energy_wh": 12_345})

    assert ended.json["price"] == {"amount_cents": 606, "currency": "EUR"}
    assert client.get("/v2/sessions?card_id=C-9").json["sessions"] == [ended.json]
    assert client.get("/v2/chargers/KLX-01").json["state"] == "available"


@pytest.mark.parametrize("body", [{}, {"energy_wh": "1"}, {"energy_wh": 500_001}, {"energy_wh": 1, "note": ""}])
def test_a_body_that_makes_no_sense_is_refused(client, body):
    answer = client.patch("/v2/sessions/23", json=body)

    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "invalid"


def test_what_is_not_there(client):
    answer = client.get("/v2/chargers/KLX-24")

    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "charger_not_found", "message": "There is no charger 'KLX-24'."}}
