import pytest


def test_a_charger_and_its_site(client):
    charger = client.get("/v1/chargers/KLX-05").json
    site = client.get("/v1/sites/BRK").json

    assert charger == {"id": "KLX-05", "site": "Harbour Street 4, 2100 Brookfield", "status": "busy", "power": 22.0}
    assert site == {"id": "BRK", "name": "Brookfield Harbour", "address": charger["site"], "chargers": 8, "free": 5}


def test_lists_are_whole(client):
    assert len(client.get("/v1/chargers").json) == 23
    numbers = [session["id"] for session in client.get("/v1/sessions?card=C-1").json]
    assert numbers == list(range(1, 23))


@pytest.mark.parametrize(("kwh", "status"), [(12.534, 200), (0, 200), (500, 200), (500.001, 400), ("1", 400)])
def test_ending_a_session(client, kwh, status):
    assert client.post("/v1/sessions/23/stop", json={"kwh": kwh, "firmware": "4.1"}).status_code == status


@pytest.mark.parametrize("path", ["/v1/sites", "/v1/sites/XXX", "/v1/nowhere"])
def test_it_says_that_it_will_go(client, path):
    answer = client.get(path)

    assert answer.headers["Deprecation"] == "@1788220800"
    assert answer.headers["Sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"
    assert answer.headers["Link"].endswith('>; rel="deprecation"')
