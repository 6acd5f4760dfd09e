"""R4: payments don't get in each other's way."""

from __future__ import annotations

from paying import PAID, credits_of, pay, told

from mendbox.testing import requirement


@requirement("R4", "Two members who pay each other at the same moment do not both succeed.")
def test_two_who_pay_each_other(workers, meeting, traders, books, quarters):
    one, other = traders[:2]
    moves = [(one, other, quarters(1)[0]), (other, one, quarters(1)[0])]
    meeting.hold(one, other)
    for worker, move in zip(workers, moves, strict=True):
        meeting.send(lambda worker=worker, move=move: pay(worker, *move))
    assert [told(answer) for answer in meeting.answers()] == [PAID, PAID]
    assert books.read() == books.after(*moves)


@requirement("R4", "Members who pay each other in a circle at the same moment do not all succeed.")
def test_three_who_pay_in_a_circle(workers, meeting, traders, books, quarters):
    one, other = workers
    a, b, c = traders[:3]
    moves = [(a, b, quarters(1)[0]), (b, c, quarters(1)[0]), (c, a, quarters(1)[0])]
    meeting.hold(a, b, c)
    for worker, move in zip((one, other, one), moves, strict=True):
        meeting.send(lambda worker=worker, move=move: pay(worker, *move))
    assert [told(answer) for answer in meeting.answers()] == [PAID, PAID, PAID]
    assert books.read() == books.after(*moves)


@requirement("R4", "A payment between other accounts, or a look at the accounts, waits for a payment.")
def test_what_is_about_other_accounts_does_not_wait(workers, meeting, traders, books, quarters):
    one, other = workers
    payer, payee, third, fourth = traders[:4]
    waiting, free = (payer, payee, quarters(1)[0]), (third, fourth, quarters(1)[0])
    path = f"/accounts/{payee.number}"
    meeting.hold(payee)
    meeting.send(lambda: pay(one, *waiting))
    payments = [meeting.send(lambda worker=worker: pay(worker, *free)) for worker in workers]
    looks = [meeting.send(lambda path=path: other.get(path)) for path in (path, f"{path}/statement", "/accounts")]
    done = [request.done() for request in (*payments, *looks)]
    answers = meeting.answers()
    assert done == [True] * 5
    assert [told(answer) for answer in answers[:3]] == [PAID] * 3
    assert [answer.json["balance"] for answer in answers[3:5]] == [credits_of(payee.balance)] * 2
    assert books.read() == books.after(waiting, free, free)
