"""R2: what may help is tried again."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement


def what_failed(trouble, how, times):
    if how == "unreached":
        trouble.plan("unreached", times)
    elif how == "unreadable":
        trouble.plan("said", times, status=200, body="<html>maintenance</html>")
    else:
        trouble.answer(int(how), times)


@requirement(
    "R2", "Prices that fail to come twice, and then would come, are not shown; or they are asked for too soon."
)
@pytest.mark.parametrize("how", ["unreached", "500", "503", "unreadable"])
def test_prices_at_the_third_try(client, desk, trouble, order, how):
    what_failed(trouble, how, 2)
    answer = client.get(f"/orders/{order['number']}/rates")
    assert answer.json == {"rates": desk.rates(order["grams"])}
    calls = trouble.calls()
    assert len(calls) == 3
    assert all(call["query"] == {"grams": str(order["grams"])} for call in calls)
    second, third = trouble.gaps()
    assert 0.2 <= second <= 1.0001
    assert 0.4 <= third <= 2.0001


@requirement("R2", "A label that fails to come twice is not bought at the third try.")
def test_a_label_at_the_third_try(client, desk, trouble, order, rng):
    service = rng.choice(["standard", "express"])
    trouble.answer(500, 2)
    answer = client.post(f"/orders/{order['number']}/label", json={"service": service})
    assert answer.status_code == 201
    assert answer.json["label"]["price_cents"] == desk.price(service, order["grams"])
    calls = trouble.calls()
    assert [call["json"] for call in calls] == [
        {"reference": str(order["number"]), "service": service, "grams": order["grams"]}
    ] * 3


@requirement("R2", "A label is not given back when the carrier fails first.")
def test_a_label_is_given_back_at_the_third_try(client, desk, trouble, labelled):
    order, label = labelled
    trouble.plan("lost", 1)
    trouble.answer(502, 1)
    answer = client.delete(f"/orders/{order['number']}/label")
    assert answer.status_code == 200
    assert answer.json == desk.shown(order, None)
    assert [(call["method"], call["path"]) for call in trouble.calls()] == [
        ("DELETE", f"/labels/{label['number']}")
    ] * 3


@requirement("R2", "A call is made more often than the brief says, or something is waited for after the last try.")
@pytest.mark.parametrize("how", ["unreached", "500"])
def test_after_the_third_try_it_is_over(client, trouble, order, how):
    what_failed(trouble, how, -1)
    answer = client.get(f"/orders/{order['number']}/rates")
    assert answer.status_code >= 500
    assert len(trouble.calls()) == 3
    assert trouble.books()["now"] == trouble.calls()[-1]["until"]


@requirement("R2", "A call that was answered is made again, or is waited after.")
def test_what_was_answered_is_not_asked_again(client, trouble, order, rng):
    for status in (400, 401, 404, 409, 422, 302):
        trouble.answer(status, -1, body={"reason": f"no, {rng.randrange(10**6)}"})
        client.get(f"/orders/{order['number']}/rates")
        client.post(f"/orders/{order['number']}/label", json={"service": "standard"})
        assert [call["method"] for call in trouble.calls()] == ["GET", "POST"]
        assert sum(trouble.waits()) == 0
        trouble.well()
        trouble.forget()


@requirement("R2", "The carrier says how long to wait, and is asked sooner, or much later.")
def test_as_long_as_the_carrier_says(client, desk, trouble, order):
    # Three answers and two waits of a second and of two fit in the deadline.
    trouble.answer(503, 1, after=2)
    trouble.answer(503, 1, after=0)
    assert client.get(f"/orders/{order['number']}/rates").json == {"rates": desk.rates(order["grams"])}
    second, third = trouble.gaps()
    assert 2 <= second <= 3.0001
    assert 0.4 <= third <= 2.0001


@requirement("R2", "A wait that does not end in time is begun all the same, or is cut short.")
def test_a_wait_that_is_too_long(client, desk, trouble, order, rng):
    trouble.answer(503, -1, after=rng.randrange(8, 100))
    client.get(f"/orders/{order['number']}/rates")
    assert len(trouble.calls()) == 1
    assert sum(trouble.waits()) == 0
