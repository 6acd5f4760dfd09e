"""R2: a job is done by one worker, and by another if that one dies."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R2", "Two workers that look for jobs at the same moment both do the same one.")
def test_two_workers_look_at_the_same_moment(trade, workers, meeting):
    sale = trade.order()
    meeting.gate(sale.card)
    meeting.hold("jobs", trade.charge_job(sale)["id"])
    for worker in workers:
        meeting.send(lambda worker=worker: trade.run(worker))
    meeting.answers()
    trade.finish()
    assert trade.calls(sale.card) == 1
    assert trade.books(sale) == trade.paid(sale)


@requirement("R2", "While one worker waits for the bank, another one does not do the next job.")
def test_the_next_job_is_done_by_the_other_worker(trade, workers, meeting):
    slow, quick = trade.order(), trade.order()
    meeting.gate(slow.card)
    meeting.send(lambda: trade.run(workers[0]))
    other = meeting.send(lambda: trade.run(workers[1]))
    done, state = other.done(), trade.state(quick)
    meeting.answers()
    trade.finish()
    assert (done, state) == (True, ("paid", None))
    for sale in (slow, quick):
        assert trade.books(sale) == trade.paid(sale)


@requirement("R2", "A job that one worker has done or tried is done again by another one, which came upon it before.")
def test_what_was_done_meanwhile_is_not_done_again(trade, workers, meeting):
    slow, _, lost = sales = [trade.order() for _ in range(3)]
    trade.plan(lost.card, "lost")
    meeting.gate(slow.card)
    meeting.send(lambda: trade.run(workers[0]))
    begun = trade.charge_job(slow)
    meeting.send(lambda: trade.run(workers[1]))
    meeting.answers()
    assert (begun["state"], begun["attempts"]) == ("running", 1)
    assert trade.calls(lost.card) == 1
    jobs = [trade.charge_job(sale) for sale in sales]
    assert [(job["state"], job["attempts"]) for job in jobs] == [("done", 1), ("done", 1), ("queued", 1)]
    trade.later(60)
    trade.finish()
    assert [trade.books(sale) for sale in sales] == [trade.paid(sale) for sale in sales]


@requirement("R2", "A job that a worker left when it died is not done after five minutes, or is done before.")
def test_a_job_of_a_dead_worker_is_taken_up(trade):
    dead, alive = trade.order(), trade.order()
    trade.leave_running(dead, seconds=299)
    trade.leave_running(alive, seconds=200)
    trade.run()
    assert (trade.calls(dead.card), trade.calls(alive.card)) == (0, 0)
    trade.later(1)
    trade.finish()
    assert trade.books(dead) == trade.paid(dead)
    assert trade.books(alive) == trade.unpaid("placed", None)


@requirement("R2", "A worker that is slow, and taken for dead, leads to a second charge, payment or mail.")
def test_a_worker_that_was_only_slow(trade, workers, meeting):
    sale = trade.order()
    meeting.gate(sale.card)
    meeting.send(lambda: trade.run(workers[0]))
    trade.later(300)
    meeting.send(lambda: trade.run(workers[1]))
    # Both come back from the bank before either can change the order.
    meeting.hold("orders", sale.id, to_the_last=True)
    meeting.answers()
    trade.finish()
    trade.later(600)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)
