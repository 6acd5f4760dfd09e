"""R4: it is tried again, later and later, and given up."""

from __future__ import annotations

from mendbox.testing import requirement

WAITS = (60, 120, 240, 480)


@requirement("R4", "A failed job is not tried again at the times that the brief gives.")
def test_it_is_tried_again_later_and_later(trade):
    sale = trade.order()
    trade.plan(sale.card, *["lost"] * 4)
    trade.run()
    for attempts, wait in enumerate(WAITS, 1):
        job = trade.charge_job(sale)
        assert (job["state"], job["attempts"]) == ("queued", attempts)
        assert job["run_at"] == f"{trade.moment(trade.now + wait)}Z"
        trade.later(wait - 1)
        trade.run()
        assert trade.calls(sale.card) == attempts
        trade.later(1)
        trade.run()
        assert trade.calls(sale.card) == attempts + 1
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)


@requirement("R4", "A job that failed five times is not given up.")
def test_it_is_given_up_after_five_attempts(trade):
    sale = trade.order()
    trade.plan(sale.card, *["broken"] * 9)
    trade.run()
    for wait in (*WAITS, 960, 86_400):
        trade.later(wait)
        trade.finish()
    assert trade.calls(sale.card) == 5
    job = trade.charge_job(sale)
    assert (job["state"], job["attempts"]) == ("failed", 5)


@requirement("R4", "A declined card is asked again.")
def test_a_declined_card_is_not_asked_again(trade):
    sale = trade.order()
    trade.plan(sale.card, "declined")
    for wait in (0, *WAITS, 86_400):
        trade.later(wait)
        trade.run()
    assert trade.calls(sale.card) == 1
    assert trade.charge_job(sale)["attempts"] == 1


@requirement("R4", "A job whose workers died is tried more than five times, or not five times.")
def test_a_job_whose_workers_die_is_given_up(trade):
    last, fourth = trade.order(), trade.order()
    trade.leave_running(last, seconds=300, attempts=5)
    trade.leave_running(fourth, seconds=300, attempts=4)
    trade.finish()
    assert trade.calls(last.card) == 0
    assert (trade.charge_job(last)["state"], trade.charge_job(last)["attempts"]) == ("failed", 5)
    assert trade.books(last) == trade.unpaid("payment_unclear", "given_up")
    assert trade.books(fourth) == trade.paid(fourth)


@requirement("R4", "A job that staff made due again does not have five attempts before it, or is not due at once.")
def test_a_job_that_is_made_due_again_starts_afresh(trade, told):
    sale = trade.order()
    trade.plan(sale.card, *["lost"] * 6)
    trade.run()
    for wait in WAITS:
        trade.later(wait)
        trade.run()
    job = trade.charge_job(sale)
    answer = trade.retry(job)
    assert (answer.status_code, answer.json["state"], answer.json["attempts"]) == (202, "queued", 0)
    assert told(trade.retry(job)) == (409, "not_failed")
    trade.run()
    assert trade.calls(sale.card) == 6
    again = trade.charge_job(sale)
    assert (again["state"], again["attempts"]) == ("queued", 1)
    assert again["run_at"] == f"{trade.moment(trade.now + 60)}Z"
    trade.later(60)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)


@requirement("R4", "A job is done before it is due, or not when it is.")
def test_a_job_is_done_when_it_is_due(trade, rng):
    sale = trade.order()
    wait = rng.randrange(40, 4_000)
    due = trade.moment(trade.now + wait)
    trade.database.execute("UPDATE jobs SET run_at = %s::timestamp WHERE order_id = %s", due, sale.id)
    trade.later(wait - 1)
    trade.finish()
    assert trade.books(sale) == trade.unpaid("placed", None)
    assert trade.charge_job(sale)["run_at"] == f"{due}Z"
    trade.later(1)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)
