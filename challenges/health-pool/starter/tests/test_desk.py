def test_the_week(client):
    nights = client.get("/nights").json["nights"]
    assert [night["date"][-2:] for night in nights] == ["02", "03", "04", "05", "06", "07", "08"]
    assert {night["free"] for night in nights} == {5}


def test_one_night(client):
    night = client.get("/nights/3").json
    assert night["date"] == "2026-11-04"
    assert night["bookings"] == [{"id": 3, "observer": "Imke", "target": "M 31"}]


def test_what_the_weather_will_be(client):
    assert client.get("/nights/1/weather").json["weather"] == "2026-11-02: clear"


def test_an_hour_is_booked(client):
    answer = client.post("/nights/4/bookings", json={"observer": "Ole", "target": "NGC 7662"})
    assert answer.status_code == 201
    assert client.get("/nights/4").json["bookings"][-1] == answer.json
    assert client.get("/trail?night=4").json["trail"] == [{"observer": "Ole", "outcome": "booked"}]


def test_an_hour_is_given_back(client):
    assert client.delete("/bookings/2").status_code == 204
    assert client.get("/nights/2").json["free"] == 6


def test_what_is_asked_wrongly(client):
    assert client.get("/nights/99").json == {"error": "not-found"}
    assert client.get("/trail").json == {"error": "invalid"}


def test_health_when_all_is_well(client):
    assert client.get("/health/live").json == {"status": "alive"}
    assert client.get("/health/ready").json == {"status": "ready", "nights": 7}
