import pytest


def test_products_are_listed(client):
    products = client.get("/products").json["products"]

    assert [product["sku"] for product in products] == ["BEAN-01", "KALE-03", "LEEK-02", "TOMA-11"]


def test_an_order_is_placed(client, order):
    number = order()

    assert client.get(f"/orders/{number}").json == {
        "number": number,
        "email": "ines@example.org",
        "status": "placed",
        "problem": None,
        "total_cents": 1570,
        "lines": [
            {"sku": "KALE-03", "quantity": 2, "price_cents": 640},
            {"sku": "BEAN-01", "quantity": 1, "price_cents": 290},
        ],
        "payment": None,
    }


@pytest.mark.parametrize(
    "change",
    [{"email": ""}, {"card": None}, {"lines": []}, {"lines": [{"sku": "MOON-01", "quantity": 1}]}, {"lines": ["KALE"]}],
)
def test_an_order_that_makes_no_sense_is_refused(client, change):
    body = {"email": "a@example.org", "card": "tok_visa", "lines": [{"sku": "KALE-03", "quantity": 1}]}

    answer = client.post("/orders", json=body | change)

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid_order")


def test_an_order_can_be_cancelled_until_it_is_charged(client, order, run_jobs, provider):
    number = order()

    assert client.post(f"/orders/{number}/cancel").json["status"] == "cancelled"

    run_jobs()
    assert provider.moved == {}
    assert client.post(f"/orders/{number}/cancel").json["error"]["code"] == "not_cancellable"


def test_an_unknown_order_is_404(client):
    answer = client.get("/orders/CF-0000")

    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "order_not_found"
