from test_pickups import READING
from test_tablets import ROUND


def test_a_refused_farm_is_over_with_its_request(client):
    client.post("/farms", json={"code": "HB-104", "name": "Tarn Gate", "daily_quota": 900})

    assert client.get("/farms/HB-104").json["name"] == "High Barn"


def test_a_docket_over_the_quota_is_not_there(client):
    client.post("/pickups", json=READING | {"litres": 1801})

    assert client.get("/pickups/D-50501").status_code == 404


def test_no_stop_of_a_refused_round_is_stored(client):
    wrong = ROUND | {"stops": [*ROUND["stops"], ROUND["stops"][0] | {"docket": "D-50503", "farm": "KV-000"}]}
    client.post("/rounds", json=wrong)

    assert client.get("/pickups/D-50501").status_code == 404
    assert len(client.get("/refusals").json["refusals"]) == 1
