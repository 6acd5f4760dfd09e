def order(client, **fields):
    return client.post("/orders", json={"product": "rye", "pieces": 2, "customer": "Odd"} | fields)


def test_an_order_is_taken_and_shown(client):
    answer = order(client)
    assert answer.status_code == 201
    assert answer.json["total"] == "8.40 GBP"
    assert answer.json in client.get("/orders").json["orders"]
    assert "2 × Rye loaf for Odd, 8.40 GBP" in client.get("/board").text
    assert f"{answer.json['number']},rye,2,Odd,8.40 GBP" in client.get("/orders.csv").text


def test_delivery_costs_something_for_small_orders(client):
    assert order(client, deliver_to="Crickby").json["total_cents"] == 840 + 350
    assert order(client, pieces=8, deliver_to="Crickby").json["total_cents"] == 8 * 420
    assert order(client, deliver_to="Paris").json["error"]["code"] == "too_far"


def test_too_many_pieces_are_refused(client):
    assert order(client, pieces=12).status_code == 201
    answer = order(client, pieces=13)
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "invalid_pieces"


def test_what_is_handed_out_leaves_the_board(client):
    number = order(client).json["number"]
    assert client.post(f"/orders/{number}/done").json["done"] is True
    assert number not in [each["number"] for each in client.get("/orders").json["orders"]]
    assert client.post("/orders/999/done").status_code == 404
