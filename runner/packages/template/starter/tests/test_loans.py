def test_a_new_loan_has_no_fee(client):
    loan = client.get("/loans/1").get_json()
    assert loan["title"] == "Emma"
    assert loan["fee_cents"] is None


def test_a_return_is_recorded(client):
    answer = client.post("/loans/1/return", json={"on": "2026-05-01"})
    assert answer.status_code == 200
    assert client.get("/loans").get_json()["loans"][0]["returned"] == "2026-05-01"


def test_a_return_without_a_day_is_refused(client):
    assert client.post("/loans/1/return", json={}).status_code == 400
