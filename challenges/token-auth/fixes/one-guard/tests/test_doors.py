import pytest

CLOSED = [
    ("GET", "/copies"),
    ("POST", "/loans/3/cancel"),
    ("GET", "/loans/1/slip"),
    ("GET", "/loans/export"),
    ("DELETE", "/tokens/fendesk"),
]


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize("sent", [None, "office1.", "office1.0f6f", "office1.0f6f1c2e3a5", "office1.é", "é.é"])
def test_nothing_but_a_whole_token_opens(client, method, path, sent):
    answer = client.open(path, method=method, headers={"Authorization": f"Bearer {sent}"} if sent else {})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_nobody_is_raised(client, bearing):
    assert client.get("/tokens", headers=bearing("reader", **{"X-Act-As": "office"})).status_code == 403
    made = {"label": "mine", "role": "office", "days": 1}
    assert client.post("/tokens", json=made, headers=bearing("desk")).status_code == 403


def test_the_index_has_sentences(client):
    assert all(operation["summary"] for operation in client.get("/").json["operations"])
