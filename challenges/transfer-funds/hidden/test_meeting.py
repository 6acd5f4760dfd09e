"""R3: bookings on one account at the same time."""

from __future__ import annotations

from paying import CLOSED, NO_FUNDS, PAID, credits_of, pay, told

from mendbox.testing import requirement


def both(workers, meeting, moves):
    for worker, move in zip(workers, moves, strict=True):
        meeting.send(lambda worker=worker, move=move: pay(worker, *move))
    return [told(answer) for answer in meeting.answers()]


@requirement("R3", "Of two payments on one account at the same moment, one is missing in its balance.")
def test_both_of_two_payments_are_booked(workers, meeting, traders, books, quarters):
    account, one, other = traders[:3]
    first, second, third, fourth = quarters(4)
    arriving = [(one, account, first), (other, account, second)]
    meeting.hold(account)
    assert both(workers, meeting, arriving) == [PAID, PAID]
    assert books.read() == books.after(*arriving)
    leaving = [(account, one, third), (account, other, fourth)]
    meeting.hold(account)
    assert both(workers, meeting, leaving) == [PAID, PAID]
    assert books.read() == books.after(*arriving, *leaving)


@requirement("R3", "The same money is paid twice at the same moment.")
def test_the_same_money_is_not_paid_twice(workers, meeting, exchange, traders, books, rng):
    paid = []
    for payer in (exchange.bare, exchange.bounded):
        there = (payer.balance + payer.credit) // 25
        moves = [(payer, payee, 25 * rng.randint(there // 2 + 1, there)) for payee in rng.sample(traders, 2)]
        meeting.hold(payer)
        answers = both(workers, meeting, moves)
        assert sorted(answers, key=str) == sorted([PAID, NO_FUNDS], key=str)
        paid.append(moves[answers.index(PAID)])
        assert books.read() == books.after(*paid)


@requirement("R3", "What the cash desk books during a payment is lost, or the payment is.")
def test_what_the_cash_desk_books_meanwhile_stays(client, meeting, traders, books, quarters):
    payer, payee = traders[:2]
    cents, paid_in, paid_out = quarters(3)
    meeting.desk(payer).book(paid_in)
    meeting.desk(payee).book(-paid_out)
    meeting.send(lambda: pay(client, payer, payee, cents))
    assert [told(answer) for answer in meeting.answers()] == [PAID]
    assert books.read() == books.after((payer, payee, cents), cash=[(payer, paid_in), (payee, -paid_out)])


@requirement("R3", "A payment is booked with money that the cash desk has paid out meanwhile.")
def test_what_the_cash_desk_paid_out_is_not_paid_again(client, meeting, exchange, traders, books, rng):
    payer, payee = exchange.bare, traders[0]
    paid_out = 25 * rng.randrange(40, 120)
    meeting.desk(payer).book(-paid_out)
    meeting.send(lambda: pay(client, payer, payee, payer.balance - paid_out + 25))
    assert [told(answer) for answer in meeting.answers()] == [NO_FUNDS]
    assert books.read() == books.after(cash=[(payer, -paid_out)])


@requirement("R3", "A payment is booked on an account that was closed while it waited.")
def test_an_account_that_is_closed_meanwhile_is_closed(client, meeting, traders, books, quarters):
    payer, payee, leaver, another = traders[:4]
    meeting.desk(payee).close()
    meeting.send(lambda: pay(client, payer, payee, quarters(1)[0]))
    assert [told(answer) for answer in meeting.answers()] == [CLOSED]
    assert books.read() == books.after()
    meeting.desk(leaver).close()
    meeting.send(lambda: pay(client, leaver, another, quarters(1)[0]))
    assert [told(answer) for answer in meeting.answers()] == [CLOSED]
    assert books.read() == books.after()


@requirement("R3", "Payments that have nothing to do with each other are not all booked.")
def test_payments_between_others_are_booked(workers, concurrently, traders, books, quarters):
    one, other = workers
    a, b, c, d, e, f = traders
    moves = [(a, b, quarters(1)[0]), (c, d, quarters(1)[0]), (e, f, quarters(1)[0])]
    calls = [lambda: pay(one, *moves[0]), lambda: pay(other, *moves[1]), lambda: pay(one, *moves[2])]
    answers = concurrently(calls)
    assert [answer.json["amount"] for answer in answers] == [credits_of(cents) for _, _, cents in moves]
    assert books.read() == books.after(*moves)
