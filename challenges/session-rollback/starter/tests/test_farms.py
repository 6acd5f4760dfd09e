def test_farms_are_listed_by_code(client):
    assert [farm["code"] for farm in client.get("/farms").json["farms"]] == ["HB-104", "ML-220", "MS-031"]


def test_a_farm_is_shown(client):
    assert client.get("/farms/MS-031").json == {
        "code": "MS-031",
        "name": "Moss Side",
        "daily_quota": 1800,
        "phone": "015 396 0031",
    }


def test_a_farm_that_does_not_exist_is_404_as_json(client):
    answer = client.get("/farms/KV-000")

    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "farm_not_found", "message": "There is no farm 'KV-000'."}}


def test_a_farm_joins(client):
    answer = client.post("/farms", json={"code": "TG-007", "name": "Tarn Gate", "daily_quota": 900})

    assert answer.status_code == 201
    assert answer.headers["Location"] == "/farms/TG-007"
    assert client.get("/farms/TG-007").json == answer.json


def test_a_code_is_given_once(client):
    answer = client.post("/farms", json={"code": "HB-104", "name": "Tarn Gate", "daily_quota": 900})

    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "farm_exists"


def test_the_fields_that_are_sent_change(client):
    answer = client.patch("/farms/ML-220", json={"daily_quota": 3000})

    assert answer.json == {"code": "ML-220", "name": "Mill Lane", "daily_quota": 3000, "phone": None}
    assert client.get("/farms/ML-220").json == answer.json


def test_the_milk_of_a_farm_is_listed_and_added_up(client):
    answer = client.get("/farms/HB-104/pickups").json

    assert answer["litres"] == 3885
    assert [(pickup["docket"], pickup["run"]) for pickup in answer["pickups"]] == [("D-50411", "am"), ("D-50440", "pm")]
