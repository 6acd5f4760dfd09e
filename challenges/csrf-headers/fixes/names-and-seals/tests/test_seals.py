import pytest

from kerbside.extensions import db
from kerbside.models import Permit


def test_each_token_is_another_one_and_all_are_good(ottilie, token_on):
    tokens = [token_on(ottilie, "/permits") for _ in range(3)]
    assert len(set(tokens)) == 3
    for token in tokens:
        assert ottilie.post("/reminders/off", data={"csrf_token": token}).location == "/permits"


@pytest.mark.parametrize("token", [None, "", "zz", "ünd", "0" * 80])
def test_what_is_no_seal_is_refused(app, ottilie, token):
    form = {} if token is None else {"csrf_token": token}
    assert ottilie.post("/permits/1/cancel", data=form).status_code == 403
    with app.app_context():
        assert db.session.get(Permit, 1).state == "valid"


def test_a_seal_on_another_session_is_refused(app, ottilie, token_on):
    theirs = token_on(app.test_client(), "/login")
    answer = ottilie.delete("/api/visits/1", headers={"X-CSRF-Token": theirs})
    assert (answer.status_code, list(answer.json)) == (403, ["error"])
    mine = token_on(ottilie, "/visits")
    assert ottilie.delete("/api/visits/1", headers={"X-CSRF-Token": mine}).status_code == 204


def test_a_nonce_is_in_the_policy_of_its_page_alone(client):
    policies = [client.get("/nowhere").headers["Content-Security-Policy"] for _ in range(2)]
    assert policies[0] != policies[1]
