def test_orders_by_number(client, carrier):
    numbers = [order["number"] for order in client.get("/orders").json["orders"]]
    assert numbers == [1001, 1002, 1003]
    assert carrier.calls == []


def test_what_the_parcel_would_cost(client):
    answer = client.get("/orders/1001/rates")
    assert answer.json == {"rates": [{"service": "standard", "price_cents": 690, "days": 3}]}


def test_a_label_and_its_parcel(client, carrier):
    bought = client.post("/orders/1002/label", json={"service": "express"})
    assert bought.status_code == 201
    assert bought.json["label"] == {"number": "ML1", "service": "express", "price_cents": 690}
    assert client.get("/orders/1002").json["tracking"] == "announced"
    assert client.get("/board").json["orders"] == [{"number": 1002, "label": "ML1", "tracking": "announced"}]


def test_an_order_with_a_label_gets_no_other(client, carrier):
    client.post("/orders/1002/label", json={"service": "express"})
    again = client.post("/orders/1002/label", json={"service": "standard"})
    assert again.status_code == 200
    assert again.json["label"]["number"] == "ML1"
    assert carrier.calls == ["POST /labels"]


def test_giving_a_label_back(client):
    client.post("/orders/1002/label", json={"service": "express"})
    assert client.delete("/orders/1002/label").json["label"] is None
    assert client.get("/orders/1002").json["tracking"] is None
    assert client.delete("/orders/1002/label").json == {"error": "no-label"}


def test_what_is_asked_wrongly(client, carrier):
    assert client.get("/orders/7").json == {"error": "not-found"}
    assert client.post("/orders/1001/label", json={"service": "pigeon"}).json == {"error": "invalid"}
    assert carrier.calls == []
