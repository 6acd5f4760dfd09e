"""R5: a carrier that is down is left alone."""

from __future__ import annotations

import math

import pytest

from mendbox.testing import requirement


def fail(client, trouble, order, times):
    """So many calls fail, one request after the other; they are requests for prices."""
    while times > 0:
        trouble.answer(500, min(times, 3))
        client.get(f"/orders/{order['number']}/rates")
        times -= 3


def is_left_alone(answer, seconds):
    assert answer.status_code == 503
    assert answer.json == {"error": "carrier-busy"}
    left = math.ceil(seconds)
    # Where whole seconds are left, the last digits of the clock's fractions may round up once more.
    rounded = (left, left + 1) if seconds == left else (left,)
    assert int(answer.headers["Retry-After"]) in rounded


@pytest.fixture
def down(client, trouble, order):
    """Five calls in a row have failed."""
    trouble.answer(500, 5)
    answers = [client.get(f"/orders/{order['number']}/rates") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [502, 502]
    assert len(trouble.calls()) == 5
    trouble.forget()


@requirement("R5", "After five calls that failed, the carrier is asked again before the pause is over.")
@pytest.mark.usefixtures("down")
def test_nothing_is_asked_in_the_pause(client, desk, trouble, order, rng):
    path = f"/orders/{rng.choice(desk.bare)['number']}"
    is_left_alone(client.get(f"{path}/rates"), int(desk.pause))
    is_left_alone(client.post(f"{path}/label", json={"service": "standard"}), int(desk.pause))
    passed = rng.randrange(2, int(desk.pause) - 2) + 0.75
    trouble.later(passed)
    is_left_alone(client.get(f"{path}/rates"), desk.pause - passed)
    trouble.later(desk.pause - passed - 0.25)
    is_left_alone(client.delete(f"/orders/{desk.labelled[0]['number']}/label"), 0.25)
    assert trouble.calls() == []
    assert sum(trouble.waits()) == 0


@requirement("R5", "The carrier is not asked again after the pause, or not as before.")
@pytest.mark.usefixtures("down")
def test_after_the_pause_all_is_as_before(client, desk, trouble, order):
    is_left_alone(client.get(f"/orders/{order['number']}/rates"), int(desk.pause))
    trouble.later(desk.pause + 0.25)
    assert client.get(f"/orders/{order['number']}/rates").json == {"rates": desk.rates(order["grams"])}
    trouble.answer(500, 2)
    assert client.get(f"/orders/{order['number']}/rates").json == {"rates": desk.rates(order["grams"])}
    assert len(trouble.calls()) == 4


@requirement("R5", "After the pause, a carrier that is still down is asked more than once.")
@pytest.mark.usefixtures("down")
@pytest.mark.parametrize("how", ["silent", "said"])
def test_a_carrier_that_is_still_down(client, desk, trouble, order, how):
    is_left_alone(client.get(f"/orders/{order['number']}/rates"), int(desk.pause))
    for _ in range(2):
        trouble.later(desk.pause + 0.25)
        trouble.forget()
        trouble.plan(how, -1, status=500)
        failed = client.get(f"/orders/{order['number']}/rates")
        assert failed.status_code == (502 if how == "said" else 504)
        is_left_alone(client.get(f"/orders/{order['number']}/rates"), int(desk.pause))
        assert len(trouble.calls()) == 1


@requirement("R5", "Calls that fail don't count together when they are about different things.")
def test_all_kinds_of_calls_count(client, desk, trouble, order, labelled):
    trouble.plan("unreached", 3)
    client.post(f"/orders/{order['number']}/label", json={"service": "standard"})
    trouble.answer(503, 1, after=500)
    client.get(f"/orders/{order['number']}/rates")
    trouble.plan("said", 1, status=200, body="<html>")
    client.delete(f"/orders/{labelled[0]['number']}/label")
    assert len(trouble.calls()) == 5
    is_left_alone(client.get(f"/orders/{order['number']}/rates"), int(desk.pause))
    assert len(trouble.calls()) == 5


@requirement("R5", "The carrier is left alone although it answers now and then.")
def test_failures_that_are_not_in_a_row(client, desk, trouble, order):
    for _ in range(4):
        trouble.answer(500, 2)
        answer = client.get(f"/orders/{order['number']}/rates")
        assert answer.json == {"rates": desk.rates(order["grams"])}
    fail(client, trouble, order, 4)
    assert client.get(f"/orders/{order['number']}/rates").json == {"rates": desk.rates(order["grams"])}


@requirement("R5", "The carrier is left alone because it refuses.")
def test_refusals_are_answers(client, desk, trouble, order):
    for status in (404, 409, 422, 401, 400, 422, 404):
        trouble.answer(status, 1, body={"reason": "no"})
        client.get(f"/orders/{order['number']}/rates")
    trouble.answer(500, 2)
    assert client.get(f"/orders/{order['number']}/rates").json == {"rates": desk.rates(order["grams"])}
    assert len(trouble.calls()) == 10


@requirement("R5", "A refusal between failures does not end their row.")
def test_a_refusal_ends_a_row(client, desk, trouble, order):
    fail(client, trouble, order, 3)
    trouble.answer(422, 1, body={"reason": "no"})
    client.get(f"/orders/{order['number']}/rates")
    fail(client, trouble, order, 3)
    assert client.get(f"/orders/{order['number']}/rates").json == {"rates": desk.rates(order["grams"])}
