"""R2: whole or not at all."""

from __future__ import annotations

import pytest
from paying import CLOSED, NO_FUNDS, PAID, credits_of, pay, told

from mendbox.testing import requirement


@requirement("R2", "A payment from or to a closed account leaves something behind.")
def test_a_payment_with_a_closed_account_leaves_nothing(client, database, exchange, traders, books, quarters):
    payer, payee, leaver = traders[:3]
    first, second, third = quarters(3)
    assert told(pay(client, payer, exchange.gone, first)) == CLOSED
    assert books.read() == books.after()
    database.execute("UPDATE accounts SET closed = true WHERE id = %s", leaver.id)
    assert told(pay(client, leaver, payee, second)) == CLOSED
    assert books.read() == books.after()
    assert told(pay(client, payer, payee, third)) == PAID
    assert books.read() == books.after((payer, payee, third))


@requirement("R2", "A payment that failed half-way is stored by half, or is not answered with 500.")
@pytest.mark.parametrize("step", ["entry", "commit"])
def test_a_payment_that_fails_leaves_nothing(client, traders, books, quarters, faults, step):
    payer, payee = traders[:2]
    cents, later = quarters(2)
    for account in (payee, payer):
        faults.begin(step, account)
        assert pay(client, payer, payee, cents).status_code == 500
        assert books.read() == books.after()
        faults.end()
    assert told(pay(client, payer, payee, later)) == PAID
    assert books.read() == books.after((payer, payee, later))


@requirement("R2", "A payment beyond the limit is not refused as before, or one within it is.")
def test_an_account_goes_down_to_its_limit(client, exchange, traders, books):
    payee = traders[0]
    moves = []
    for payer in (exchange.bounded, exchange.bare):
        available = payer.balance + payer.credit
        assert told(pay(client, payer, payee, available + 25)) == NO_FUNDS
        assert told(pay(client, payer, payee, available)) == PAID
        assert told(pay(client, payer, payee, 25)) == NO_FUNDS
        shown = client.get(f"/accounts/{payer.number}").json
        assert (shown["available"], shown["credit_limit"]) == ("0.00", credits_of(payer.credit))
        moves.append((payer, payee, available))
    for payer in (exchange.empty, exchange.poor):
        assert told(pay(client, payer, payee, 25)) == NO_FUNDS
    assert told(pay(client, payee, exchange.poor, 25)) == PAID
    assert books.read() == books.after(*moves, (payee, exchange.poor, 25))
