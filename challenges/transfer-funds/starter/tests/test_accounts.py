def test_accounts_are_listed_with_their_total(client):
    listed = client.get("/accounts").json

    assert [account["number"] for account in listed["accounts"]] == ["4010", "4016", "4025", "4031", "4048", "4052"]
    assert listed["accounts"][4] == {"number": "4048", "holder": "Weir Street Cycles", "balance": "-41.99"}
    assert listed["total"] == "2111.26"


def test_an_account_shows_what_it_can_spend(client):
    assert client.get("/accounts/4048").json == {
        "number": "4048",
        "holder": "Weir Street Cycles",
        "balance": "-41.99",
        "credit_limit": "200.00",
        "available": "158.01",
        "closed": False,
    }


def test_an_unknown_account_is_404(client):
    answer = client.get("/accounts/9999")

    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "account_not_found", "message": "There is no account '9999'."}}


def test_an_empty_account_can_be_closed(client):
    assert client.post("/accounts/4031/close").json["closed"] is True
    assert client.post("/accounts/4031/close").json["error"]["code"] == "account_closed"
    assert client.post("/accounts/4010/close").json["error"]["code"] == "account_not_empty"


def test_the_seed_command_fills_the_exchange(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "6 accounts" in result.output
