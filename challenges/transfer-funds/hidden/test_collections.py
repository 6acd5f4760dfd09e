"""R6: collections and closing."""

from __future__ import annotations

import pytest
from paying import CLOSED, NO_AMOUNT, NO_FUNDS, PAID, SAME, close, collect, credits_of, pay, told

from mendbox.testing import requirement


@requirement("R6", "A collection that was refused, or that failed, was taken from some of its payers.")
def test_a_collection_that_is_not_possible_charges_nobody(client, exchange, traders, books, quarters, faults):
    first, second, third, payee = traders[:4]
    cents = quarters(1)[0]
    for odd, said in ((exchange.empty, NO_FUNDS), (exchange.gone, CLOSED), (payee, SAME)):
        assert told(collect(client, [first, odd, second], payee, cents)) == said
        assert books.read() == books.after()
    for amount in (f"-{credits_of(cents)}", "0", "0.005"):
        assert told(collect(client, [first, second], payee, amount)) == NO_AMOUNT, amount
    faults.begin("entry", third)
    assert collect(client, [first, second, third], payee, cents).status_code == 500
    faults.end()
    assert books.read() == books.after()
    assert told(collect(client, [first, third], payee, cents)) == PAID
    assert books.read() == books.after((first, payee, cents), (third, payee, cents))


@requirement("R6", "Collections that meet each other, or other payments, do not all succeed.")
@pytest.mark.parametrize("place", ["first", "last"])
def test_collections_meet(workers, meeting, traders, books, quarters, place):
    in_order = sorted(traders[:3], key=lambda account: account.id)
    payee = in_order.pop(0 if place == "first" else 2)
    *sums, again, back = quarters(4)
    moves = [(payer, payee, cents) for cents in sums for payer in in_order]
    meeting.hold(*in_order, payee)
    for worker, payers, cents in zip(workers, (in_order, in_order[::-1]), sums, strict=True):
        meeting.send(lambda worker=worker, payers=payers, cents=cents: collect(worker, payers, payee, cents))
    assert [told(answer) for answer in meeting.answers()] == [PAID, PAID]
    assert books.read() == books.after(*moves)
    moves += [(payer, payee, again) for payer in in_order] + [(payee, in_order[0], back)]
    meeting.hold(*in_order, payee)
    meeting.send(lambda: collect(workers[0], in_order, payee, again))
    meeting.send(lambda: pay(workers[1], payee, in_order[0], back))
    assert [told(answer) for answer in meeting.answers()] == [PAID, PAID]
    assert books.read() == books.after(*moves)


@requirement(
    "R6", "A collection takes money that the cash desk has paid out meanwhile, or takes it from a closed account."
)
def test_a_collection_meets_the_cash_desk(client, meeting, exchange, traders, books, rng):
    payer, leaver, payee = traders[:3]
    short = exchange.bare
    paid_out = 25 * rng.randrange(40, 120)
    cents = short.balance - paid_out + 25
    meeting.desk(short).book(-paid_out)
    meeting.send(lambda: collect(client, [payer, short], payee, cents))
    assert [told(answer) for answer in meeting.answers()] == [NO_FUNDS]
    assert books.read() == books.after(cash=[(short, -paid_out)])
    meeting.desk(leaver).close()
    meeting.send(lambda: collect(client, [payer, leaver], payee, cents))
    assert [told(answer) for answer in meeting.answers()] == [CLOSED]
    assert books.read() == books.after(cash=[(short, -paid_out)])


@requirement("R6", "An account is closed although something was paid to it at that moment.")
def test_closing_meets_a_payment(workers, meeting, exchange, traders, books, quarters):
    account, payer = exchange.empty, traders[0]
    cents = quarters(1)[0]
    meeting.hold(account)
    meeting.send(lambda: pay(workers[0], payer, account, cents))
    meeting.send(lambda: close(workers[1], account))
    paid, closing = meeting.answers()
    # Whichever comes first: the other one is refused.
    if closing.status_code == 200:
        assert told(paid) == CLOSED
        assert books.read() == books.after()
    else:
        assert told(closing) == (409, "account_not_empty")
        assert told(paid) == PAID
        assert books.read() == books.after((payer, account, cents))


@requirement("R6", "An ordinary collection, or the closing of an account, is not as before.")
def test_collecting_and_closing_are_as_before(client, exchange, traders, books, quarters):
    *payers, payee = traders[:4]
    cents = quarters(1)[0]
    answer = collect(client, payers, payee, cents, "dues")
    assert told(answer) == PAID
    made = answer.json["transfers"]
    assert [(each["from"], each["to"], each["amount"], each["reference"]) for each in made] == [
        (payer.number, payee.number, credits_of(cents), "dues") for payer in payers
    ]
    assert told(collect(client, [*payers, payers[0]], payee, cents)) == (422, "invalid_collection")
    assert told(close(client, payee)) == (409, "account_not_empty")
    assert told(close(client, exchange.poor)) == (409, "account_not_empty")
    account = exchange.empty
    answer = close(client, account)
    assert (answer.status_code, answer.json) == (200, client.get(f"/accounts/{account.number}").json)
    assert (answer.json["holder"], answer.json["closed"]) == (account.holder, True)
    assert told(close(client, account)) == CLOSED
    assert books.read() == books.after(*((payer, payee, cents) for payer in payers))
