import pytest

ADDRESSES = ("/permits/1/cancel", "/reminders/off", "/logout")


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_alone_does_nothing(ottilie, path):
    before = ottilie.get("/api/me").json
    assert ottilie.get(path).status_code == 405
    assert ottilie.get("/api/me").json == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", path) for path in (*ADDRESSES, "/login", "/permits", "/vehicles/new", "/api/visits")),
        ("DELETE", "/api/visits/1"),
        ("PATCH", "/api/permits/1"),
    ],
)
def test_nothing_is_done_without_the_sessions_token(app, ottilie, token_on, method, path):
    before = ottilie.get("/api/me").json
    others = token_on(app.test_client(), "/")
    assert ottilie.open(path, method=method).status_code == 403
    assert ottilie.open(path, method=method, data={"csrf_token": others}).status_code == 403
    assert ottilie.open(path, method=method, json={}, headers={"X-CSRF-Token": others}).status_code == 403
    assert ottilie.get("/api/me").json == before


def test_signing_out_ends_a_token(ottilie, token_on):
    token = token_on(ottilie, "/permits")
    assert ottilie.post("/logout", data={"csrf_token": token}).location == "/"
    assert token_on(ottilie, "/") != token


@pytest.mark.parametrize("path", ["/", "/nowhere", "/permits", "/api/me", "/static/kerbside.css"])
def test_every_answer_has_the_headers(client, path):
    with client.get(path) as answer:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
