"""R4: the answer says what went wrong."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement


def told(answer):
    return answer.status_code, answer.json


@requirement("R4", "When no answer came from the carrier, ours is not what the brief says.")
@pytest.mark.parametrize("how", ["unreached", "silent"])
def test_no_answer(client, trouble, order, how):
    trouble.plan(how, -1)
    assert told(client.get(f"/orders/{order['number']}/rates")) == (504, {"error": "carrier-silent"})


@requirement(
    "R4", "When the carrier is broken, our answer is not what the brief says, or passes on what nobody should see."
)
def test_a_broken_answer(client, trouble, order):
    for status in (401, 400, 403, 404, 302, 500, 503):
        words = trouble.answer(status, -1, headers={"www-authenticate": "Basic"})
        answer = client.get(f"/orders/{order['number']}/rates")
        assert told(answer) == (502, {"error": "carrier-failed"})
        assert "WWW-Authenticate" not in answer.headers
        assert words not in answer.text
        trouble.well()


@requirement("R4", "When the carrier answers what can't be read, our answer is not what the brief says.")
def test_an_unreadable_answer(client, trouble, order):
    for body in ("<html>maintenance</html>", "", "[]", '"soon"'):
        trouble.plan("said", -1, status=201, body=body)
        answer = client.post(f"/orders/{order['number']}/label", json={"service": "standard"})
        assert told(answer) == (502, {"error": "carrier-failed"})
        trouble.well()
        trouble.later(1_000)


@requirement("R4", "When the carrier asks to wait, our answer does not say how long.")
def test_a_busy_carrier(client, trouble, order, rng):
    seconds = rng.randrange(10, 900)
    trouble.answer(503, -1, after=seconds)
    answer = client.post(f"/orders/{order['number']}/label", json={"service": "standard"})
    assert told(answer) == (503, {"error": "carrier-busy"})
    assert answer.headers["Retry-After"] == str(seconds)


@requirement("R4", "A refusal of the carrier is not told with its reason.")
def test_a_refusal(client, trouble, labelled, order, rng):
    for status in (409, 422):
        reason = f"not from depot {rng.randrange(10**6)}"
        trouble.answer(status, -1, body={"reason": reason, "trace": "carrier.core line 9"})
        refused = (status, {"error": "refused", "reason": reason})
        assert told(client.post(f"/orders/{order['number']}/label", json={"service": "express"})) == refused
        assert told(client.delete(f"/orders/{labelled[0]['number']}/label")) == refused
        trouble.well()


@requirement("R4", "What decides is not the last call.")
def test_the_last_call_decides(client, trouble, order):
    trouble.plan("unreached", 2)
    trouble.answer(500, 1)
    assert told(client.get(f"/orders/{order['number']}/rates")) == (502, {"error": "carrier-failed"})
    trouble.later(1_000)
    trouble.answer(500, 1)
    trouble.answer(404, 1)
    assert told(client.get(f"/orders/{order['number']}/rates")) == (502, {"error": "carrier-failed"})
    trouble.answer(500, 2)
    trouble.plan("unreached", 1)
    assert told(client.get(f"/orders/{order['number']}/rates")) == (504, {"error": "carrier-silent"})


@requirement("R4", "A label that could not be given back is not the order's any more, or is gone although it was.")
def test_a_label_that_could_not_be_given_back(client, desk, trouble, labelled):
    order, label = labelled
    trouble.answer(409, 1, body={"reason": "on its way"})
    client.delete(f"/orders/{order['number']}/label")
    shown = client.get(f"/orders/{order['number']}").json
    assert shown == desk.shown(order, label, tracking=desk.states[label["number"]])


@requirement("R4", "Requests that are wrong in themselves are not answered as before.")
def test_requests_that_are_wrong(client, desk, trouble, order, rng):
    unknown = rng.randrange(20_000, 90_000)
    assert told(client.get(f"/orders/{unknown}/rates")) == (404, {"error": "not-found"})
    path = f"/orders/{order['number']}/label"
    assert told(client.post(path, json={"service": f"pigeon {unknown}"})) == (400, {"error": "invalid"})
    assert told(client.delete(path)) == (404, {"error": "no-label"})
    assert trouble.calls() == []
    assert client.get(f"/orders/{order['number']}").json == desk.shown(order, None, tracking=None)
