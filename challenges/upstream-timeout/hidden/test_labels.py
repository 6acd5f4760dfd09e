"""R3: one parcel, one label."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement


def buy(client, order, service="standard"):
    return client.post(f"/orders/{order['number']}/label", json={"service": service})


def shown(client, order):
    return client.get(f"/orders/{order['number']}").json["label"]


@requirement("R3", "When the carrier's answers get lost, one request ends in more than one label, or in none.")
@pytest.mark.parametrize("lost", [1, 2])
def test_answers_that_got_lost(client, desk, trouble, order, rng, lost):
    service = rng.choice(["standard", "express"])
    trouble.plan("lost" if lost == 1 else "said", 1, status=500)
    if lost == 2:
        trouble.plan("lost", 1)
    answer = buy(client, order, service)
    assert answer.status_code == 201
    sold = trouble.sold(order)
    assert len(sold) == 1
    label = {"number": sold[0], "service": service, "price_cents": desk.price(service, order["grams"])}
    assert answer.json == desk.shown(order, label)
    assert shown(client, order) == label


@requirement("R3", "Somebody asks again after an error, and the order is paid for twice.")
@pytest.mark.parametrize("times", [1, 3])
def test_asking_again_after_an_error(client, trouble, order, times):
    for _ in range(times):
        trouble.plan("lost", -1)
        assert buy(client, order).status_code == 504
        assert shown(client, order) is None
        trouble.well()
        trouble.later(100)
    answer = buy(client, order)
    assert answer.status_code == 201
    assert [answer.json["label"]["number"]] == trouble.sold(order)
    assert shown(client, order)["number"] == answer.json["label"]["number"]


@requirement(
    "R3",
    "Somebody asks for the other service after an error, and the order shows what was not sold, or is paid for twice.",
)
def test_asking_for_something_else_after_an_error(client, desk, trouble, order, rng):
    first, second = rng.sample(["standard", "express"], 2)
    trouble.plan("lost", -1, on="POST")
    buy(client, order, first)
    trouble.well()
    trouble.later(100)
    answer = buy(client, order, second)
    sold = trouble.sold(order)
    assert len(sold) == 1
    assert answer.json["label"] == {
        "number": sold[0],
        "service": first,
        "price_cents": desk.price(first, order["grams"]),
    }
    assert shown(client, order) == answer.json["label"]


@requirement("R3", "When another process goes on with what one has begun, the order is paid for twice.")
def test_another_process_asks_again(app, client, trouble, order):
    trouble.plan("lost", -1)
    buy(client, order)
    trouble.well()
    trouble.later(100)
    other = app.instance().client()
    answer = buy(other, order)
    assert answer.status_code == 201
    assert [answer.json["label"]["number"]] == trouble.sold(order)


@requirement("R3", "A label that was cancelled comes back, or the new one is not what the order shows.")
def test_a_new_label_after_a_cancelled_one(client, trouble, order):
    old = []
    for _ in range(3):
        answer = buy(client, order)
        assert answer.status_code == 201
        number = answer.json["label"]["number"]
        assert number not in old
        assert trouble.sold(order) == [number]
        old.append(number)
        assert client.delete(f"/orders/{order['number']}/label").json["label"] is None
        assert trouble.sold(order) == []


@requirement("R3", "After a label was cancelled, the next one is paid for twice when an answer gets lost.")
def test_answers_that_got_lost_after_a_cancelled_label(client, trouble, labelled):
    order, label = labelled
    client.delete(f"/orders/{order['number']}/label")
    trouble.plan("lost", -1)
    buy(client, order)
    trouble.well()
    trouble.later(100)
    answer = buy(client, order)
    assert trouble.sold(order) == [answer.json["label"]["number"]]
    assert answer.json["label"]["number"] != label["number"]


@requirement("R3", "Orders get each other's labels.")
def test_every_order_has_its_own_label(client, desk, trouble):
    given = [buy(client, order).json["label"]["number"] for order in desk.bare]
    assert len(set(given)) == len(desk.bare)
    assert [trouble.sold(order) for order in desk.bare] == [[number] for number in given]


@requirement("R3", "After a refusal, a label can't be bought.")
def test_a_refusal_and_then_a_label(client, desk, trouble, order):
    trouble.answer(422, 1, body={"reason": "closed on Sundays"})
    assert buy(client, order, "express").status_code == 422
    answer = buy(client, order)
    assert answer.status_code == 201
    assert answer.json["label"]["price_cents"] == desk.price("standard", order["grams"])
    assert trouble.sold(order) == [answer.json["label"]["number"]]


@requirement("R3", "An order that has a label gets another one.")
def test_an_order_keeps_its_label(client, desk, trouble, labelled):
    order, label = labelled
    answer = buy(client, order)
    assert answer.status_code == 200
    assert answer.json == desk.shown(order, label)
    assert trouble.calls() == []
