"""R1: an order is charged once."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement

WAITS = (60, 120, 240, 480)


@requirement("R1", "When answers of the provider are lost, an order is not charged exactly once.")
def test_a_bad_week_at_the_bank(app, trade, rng):
    sale, twice = trade.order(), trade.order()
    # There are orders with two jobs.
    app.call("mendbox_harness:add_job", "charge_order", twice.id)
    trade.plan(twice.card, "unanswered")
    trade.plan(sale.card, "unanswered", *rng.sample(["lost", "unanswered", "broken"], 3))
    for wait in WAITS:
        trade.run()
        trade.later(wait)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)
    assert trade.books(twice) == trade.paid(twice)


@requirement("R1", "When the database refuses the payment after the charge, an order is not charged exactly once.")
@pytest.mark.parametrize("moment", ["row", "commit"])
def test_a_payment_that_can_not_be_stored(trade, moment):
    sale = trade.order()
    trade.refuse_payments(sale, moment)
    trade.run()
    assert trade.state(sale) == ("placed", None)
    trade.accept_payments()
    trade.later(60)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)


@requirement("R1", "An order whose charge was given up, and then made due again, is not charged exactly once.")
def test_a_charge_that_was_given_up_and_made_due_again(trade):
    sale = trade.order()
    trade.plan(sale.card, *["unanswered"] * 5)
    trade.run()
    for wait in WAITS:
        trade.later(wait)
        trade.run()
    assert trade.state(sale)[0] != "paid"
    assert trade.retry(trade.charge_job(sale)).status_code == 202
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)


@requirement("R1", "An order whose charge never reached the bank is not charged in the end, or is taken for paid.")
def test_a_call_that_never_arrived_is_made_again(trade):
    sale = trade.order()
    trade.plan(sale.card, "lost", "lost")
    trade.run()
    assert trade.books(sale)["rows"] == []
    trade.later(60)
    trade.run()
    assert trade.state(sale)[0] == "placed"
    trade.later(120)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)


@requirement("R1", "An ordinary order is not charged as before.")
def test_an_ordinary_order_is_charged_as_before(trade):
    first, second = trade.order(), trade.order()
    assert trade.books(first) == trade.unpaid("placed", None)
    assert trade.run() >= 2
    trade.finish()
    for sale in (first, second):
        assert trade.books(sale) == trade.paid(sale)
        assert trade.shown(sale)["lines"] == sale.lines
    trade.later(86_400)
    assert trade.run() == 0
    assert trade.books(first) == trade.paid(first)
