"""R1: every answer comes in time."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement


def asked(client, what, order, labelled):
    """One request of each kind that makes one call."""
    sent = {
        "rates": lambda: client.get(f"/orders/{order['number']}/rates"),
        "label": lambda: client.post(f"/orders/{order['number']}/label", json={"service": "standard"}),
        "cancel": lambda: client.delete(f"/orders/{labelled['number']}/label"),
    }
    return sent[what]()


@requirement("R1", "While the carrier takes calls and gives no answer, a request is not answered in the time it has.")
@pytest.mark.parametrize("what", ["rates", "label", "cancel"])
def test_a_carrier_that_hangs(client, desk, trouble, order, labelled, what):
    trouble.plan("silent", -1)
    asked(client, what, order, labelled[0])
    assert trouble.took() <= desk.deadline
    assert trouble.calls()
    limits = [call["timeout"] for call in trouble.calls()]
    assert all(limit is not None and limit <= desk.timeout for limit in limits)


@requirement("R1", "While the carrier fails slowly, a request is not answered in the time it has.")
@pytest.mark.parametrize("what", ["rates", "label"])
def test_a_carrier_that_takes_its_time_to_fail(client, desk, trouble, order, labelled, what, rng):
    trouble.answer(500, -1, takes=desk.timeout - rng.randrange(1, 3) / 16)
    asked(client, what, order, labelled[0])
    assert trouble.took() <= desk.deadline
    assert len(trouble.calls()) >= 2


@requirement("R1", "With a slow carrier, the board is not answered in the time it has, or says too little.")
def test_a_board_with_more_parcels_than_time(client, desk, trouble, rng):
    takes = desk.timeout - rng.randrange(1, 5) / 16
    trouble.plan("slow", -1, takes=takes)
    answer = client.get("/board")
    assert answer.status_code == 200
    assert trouble.took() <= desk.deadline
    rows = answer.json["orders"]
    assert [(row["number"], row["label"]) for row in rows] == [
        (order["number"], label["number"]) for order, label in zip(desk.labelled, desk.labels, strict=True)
    ]
    known = [row for row in rows if row["tracking"] is not None]
    assert len(known) == 2  # the third call can't end in time
    assert all(row["tracking"] == desk.states[row["label"]] for row in known)


@requirement("R1", "While the carrier hangs, the board is not answered in the time it has.")
def test_a_board_while_the_carrier_hangs(client, desk, trouble):
    trouble.plan("silent", -1)
    answer = client.get("/board")
    assert trouble.took() <= desk.deadline
    assert answer.json == {
        "orders": [
            {"number": order["number"], "label": label["number"], "tracking": None}
            for order, label in zip(desk.labelled, desk.labels, strict=True)
        ]
    }


@requirement("R1", "An answer that is slow, but in time, is not used.")
@pytest.mark.parametrize("what", ["rates", "label"])
def test_an_answer_that_is_slow_and_in_time(client, desk, trouble, order, labelled, what, rng):
    trouble.plan("slow", -1, takes=desk.timeout - rng.randrange(1, 5) / 16)
    answer = asked(client, what, order, labelled[0])
    assert len(trouble.calls()) == 1
    if what == "rates":
        assert answer.json == {"rates": desk.rates(order["grams"])}
    else:
        assert answer.status_code == 201
        assert answer.json["label"]["price_cents"] == desk.price("standard", order["grams"])


@requirement("R1", "Time that a request before has taken is counted again.")
def test_each_request_has_its_own_time(client, desk, trouble, order, labelled):
    for _ in range(3):
        trouble.forget()
        trouble.plan("slow", 1, takes=desk.timeout - 0.125)
        assert client.get(f"/orders/{order['number']}/rates").json == {"rates": desk.rates(order["grams"])}
        trouble.later(desk.deadline)
