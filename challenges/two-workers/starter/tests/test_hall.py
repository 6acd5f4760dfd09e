import pytest


@pytest.fixture
def cart(client):
    return client.post("/carts", json={"florist": "Mimosa & Sons"}).json["cart"]


@pytest.fixture
def order(client, cart):
    client.post(f"/carts/{cart}/lines", json={"lot": 2, "bunches": 3})
    return client.post(f"/carts/{cart}/order").json["order"]


def test_bunches_add_up(client, cart):
    for bunches in (2, 5):
        client.post(f"/carts/{cart}/lines", json={"lot": 3, "bunches": bunches})
    assert client.get(f"/carts/{cart}").json["lines"] == [
        {"lot": 3, "name": "Eucalyptus, blue", "bunches": 7, "cents": 2730}
    ]


def test_a_lot_can_be_taken_out(client, cart):
    client.post(f"/carts/{cart}/lines", json={"lot": 3, "bunches": 1})
    assert client.delete(f"/carts/{cart}/lines/3").json["lines"] == []
    assert client.delete(f"/carts/{cart}/lines/3").status_code == 404


@pytest.mark.parametrize("body", [{"lot": 1}, {"lot": 1, "bunches": 0}, {"lot": "1", "bunches": 1}, []])
def test_what_cannot_be_read_is_400(client, cart, body):
    assert client.post(f"/carts/{cart}/lines", json=body).status_code == 400


def test_an_order_takes_the_cart_away(client, cart, order):
    answer = client.get(f"/orders/{order}").json
    assert (answer["florist"], answer["cents"]) == ("Mimosa & Sons", 2175)
    assert client.get(f"/carts/{cart}").status_code == 404


def test_an_empty_cart_is_not_ordered(client, cart):
    assert client.post(f"/carts/{cart}/order").status_code == 409


def test_a_code_opens_the_gate_once(client, order):
    code = client.post(f"/orders/{order}/code").json["code"]
    assert client.post("/gate", json={"order": order, "code": code}).json["florist"] == "Mimosa & Sons"
    assert client.post("/gate", json={"order": order, "code": code}).status_code == 403


def test_five_wrong_tries_end_a_code(client, order):
    code = client.post(f"/orders/{order}/code").json["code"]
    for _ in range(5):
        assert client.post("/gate", json={"order": order, "code": "none"}).status_code == 403
    assert client.post("/gate", json={"order": order, "code": code}).status_code == 403


def test_a_notice_hangs_until_it_is_taken_down(client):
    client.put("/notice", json={"notice": "Gate 2 is closed"})
    assert client.get("/notice").json == {"notice": "Gate 2 is closed"}
    assert client.delete("/notice").json == client.get("/notice").json == {"notice": None}
