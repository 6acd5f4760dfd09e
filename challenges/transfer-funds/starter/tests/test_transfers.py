def pay(client, payer, payee, amount, **more):
    return client.post("/transfers", json={"from": payer, "to": payee, "amount": amount, **more})


def test_a_transfer_is_booked_on_both_accounts(client, balance):
    answer = pay(client, "4010", "4025", "12.50", reference="invoice 7")

    assert answer.status_code == 201
    number = answer.json["id"]
    assert answer.headers["Location"] == f"/transfers/{number}"
    assert answer.json == {
        "id": number,
        "from": "4010",
        "to": "4025",
        "amount": "12.50",
        "reference": "invoice 7",
        "refund_of": None,
        "refunded": False,
    }
    assert client.get(f"/transfers/{number}").json == answer.json
    assert (balance("4010"), balance("4025")) == ("470.00", "1563.25")


def test_a_statement_shows_the_newest_first(client):
    number = pay(client, "4010", "4016", 7, reference="shelf").json["id"]

    lines = client.get("/accounts/4016/statement").json["entries"]

    assert [(line["amount"], line["transfer"], line["text"]) for line in lines] == [
        ("7.00", number, "shelf"),
        ("120.00", None, "Cash desk"),
    ]


def test_an_account_goes_down_to_its_limit_and_no_further(client, balance):
    assert pay(client, "4048", "4010", "158.01").status_code == 201
    assert balance("4048") == "-200.00"

    answer = pay(client, "4048", "4010", "0.25")

    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "insufficient_funds"
    assert balance("4048") == "-200.00"


def test_words_and_lists_are_no_amounts(client):
    for amount in ("much", "", None, [5]):
        answer = pay(client, "4010", "4016", amount)
        assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid_amount")


def test_a_refund_takes_the_amount_back(client, balance):
    number = pay(client, "4010", "4016", "30.00", reference="stool").json["id"]

    answer = client.post(f"/transfers/{number}/refund")

    assert answer.status_code == 201
    assert (answer.json["from"], answer.json["to"], answer.json["refund_of"]) == ("4016", "4010", number)
    assert client.get(f"/transfers/{number}").json["refunded"] is True
    assert balance("4010") == "482.50"
    again = client.post(f"/transfers/{number}/refund")
    assert (again.status_code, again.json["error"]["code"]) == (409, "already_refunded")
    back = client.post(f"/transfers/{answer.json['id']}/refund")
    assert (back.status_code, back.json["error"]["code"]) == (409, "not_refundable")


def test_a_collection_takes_the_same_from_each(client, balance):
    body = {"from": ["4010", "4016", "4025"], "to": "4031", "amount": "15.00", "reference": "dues"}

    answer = client.post("/collections", json=body)

    assert answer.status_code == 201
    assert [transfer["from"] for transfer in answer.json["transfers"]] == ["4010", "4016", "4025"]
    assert balance("4031") == "45.00"
