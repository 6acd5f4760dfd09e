import pytest


@pytest.mark.parametrize("amount", ["-5", "0", "1.005", "NaN", "Infinity", "1e3", " 5", True, -1, 0.001, "100000.01"])
def test_what_is_no_payment_is_refused(client, balance, amount):
    answer = client.post("/transfers", json={"from": "4010", "to": "4016", "amount": amount})

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid_amount")
    assert balance("4010") == "482.50"


def test_every_cent_arrives(client, balance):
    for amount in ("19.99", 19.99, 0.29, "0.57"):
        assert client.post("/transfers", json={"from": "4025", "to": "4031", "amount": amount}).status_code == 201

    assert balance("4031") == "40.84"


def test_nobody_is_charged_when_one_of_them_can_not_pay(client, balance):
    before = client.get("/accounts").json

    answer = client.post("/collections", json={"from": ["4010", "4031", "4025"], "to": "4016", "amount": "15.00"})

    assert (answer.status_code, answer.json["error"]["code"]) == (409, "insufficient_funds")
    assert client.get("/accounts").json == before


def test_a_payment_to_a_closed_account_leaves_nothing(client, balance):
    answer = client.post("/transfers", json={"from": "4010", "to": "4052", "amount": "80"})

    assert (answer.status_code, answer.json["error"]["code"]) == (409, "account_closed")
    assert balance("4010") == "482.50"
    assert len(client.get("/accounts/4010/statement").json["entries"]) == 1
