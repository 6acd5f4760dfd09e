"""R3: what fails is seen."""

from __future__ import annotations

from mendbox.testing import requirement

WAITS = (60, 120, 240, 480)


@requirement("R3", "A declined card is not told in the order, in the list of jobs or in the log.")
def test_a_declined_card_is_seen(app, trade):
    sale = trade.order()
    (words,) = trade.plan(sale.card, "declined")
    trade.finish()
    assert trade.books(sale) == trade.unpaid("payment_failed", "card_declined")
    job = trade.charge_job(sale)
    assert (job["state"], job["attempts"]) == ("failed", 1)
    assert words in job["last_error"]
    assert words in app.logs()
    failed = trade.client.get("/internal/jobs?state=failed").json["jobs"]
    assert [each["order"] for each in failed] == [sale.number]


@requirement(
    "R3", "A charge that failed is not told in the list of jobs or in the log, or the order says something else."
)
def test_a_charge_that_failed_is_seen(app, trade):
    for outcome in ("lost", "broken"):
        sale = trade.order()
        (words,) = trade.plan(sale.card, outcome)
        trade.run()
        assert trade.books(sale) == trade.unpaid("placed", None)
        job = trade.charge_job(sale)
        assert (job["state"], job["attempts"]) == ("queued", 1)
        assert words in job["last_error"]
        assert words in app.logs()


@requirement("R3", "What the database refused is not told in the list of jobs or in the log.")
def test_what_the_database_refused_is_seen(app, trade):
    sale = trade.order()
    words = trade.refuse_payments(sale, "row")
    trade.run()
    job = trade.charge_job(sale)
    assert (job["state"], job["attempts"]) == ("queued", 1)
    assert words in job["last_error"]
    assert words in app.logs()
    assert trade.state(sale) == ("placed", None)


@requirement("R3", "A charge that was given up is not told in the order, or still is when the order was paid.")
def test_a_charge_that_was_given_up_is_seen(trade):
    sale = trade.order()
    trade.plan(sale.card, *["lost"] * 5)
    trade.run()
    for wait in WAITS:
        assert trade.state(sale) == ("placed", None)
        trade.later(wait)
        trade.run()
    assert trade.books(sale) == trade.unpaid("payment_unclear", "given_up")
    trade.retry(trade.charge_job(sale))
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)


@requirement("R3", "What one job does changes something for the others.")
def test_a_failure_is_nothing_to_the_others(trade):
    bad, good = trade.order(), trade.order()
    trade.plan(bad.card, "broken")
    trade.finish()
    assert trade.books(good) == trade.paid(good)
    job = trade.charge_job(good)
    assert (job["kind"], job["state"], job["attempts"], job["last_error"]) == ("charge_order", "done", 1, None)
