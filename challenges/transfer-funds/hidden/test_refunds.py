"""R5: a transfer is refunded once."""

from __future__ import annotations

from paying import CLOSED, NO_FUNDS, PAID, REFUNDED, credits_of, pay, refund, told

from mendbox.testing import requirement


def state(client, number):
    return client.get(f"/transfers/{number}").json["refunded"]


@requirement("R5", "A transfer is refunded twice when it is asked for twice at the same moment.")
def test_a_double_click_refunds_once(workers, meeting, traders, books, quarters):
    payer, payee = traders[:2]
    cents = quarters(1)[0]
    number = pay(workers[0], payer, payee, cents).json["id"]
    meeting.hold_transfer(number)
    meeting.hold(payer, payee)
    for worker in workers:
        meeting.send(lambda worker=worker: refund(worker, number))
    answers = meeting.answers()
    assert sorted(told(answer) for answer in answers if answer.status_code != 201) == [REFUNDED]
    (made,) = (answer.json for answer in answers if answer.status_code == 201)
    assert (made["refund_of"], made["amount"]) == (number, credits_of(cents))
    assert state(workers[1], number) is True
    assert books.read() == books.after((payer, payee, cents), (payee, payer, cents))


@requirement("R5", "A refund that was refused is taken for done, or can't be sent again.")
def test_a_refused_refund_can_be_sent_again(client, database, exchange, traders, books, rng):
    shop, (customer, supplier) = exchange.empty, traders[:2]
    cents = 25 * rng.randrange(20, 200)
    number = pay(client, customer, shop, cents).json["id"]
    pay(client, shop, supplier, cents)
    assert told(refund(client, number)) == NO_FUNDS
    assert state(client, number) is False
    moves = [(customer, shop, cents), (shop, supplier, cents)]
    assert books.read() == books.after(*moves)
    pay(client, supplier, shop, cents)
    for closed in (True, False):
        database.execute("UPDATE accounts SET closed = %s WHERE id = %s", closed, customer.id)
        assert told(refund(client, number)) == (CLOSED if closed else PAID)
        assert state(client, number) is not closed
    assert books.read() == books.after(*moves, (supplier, shop, cents), (shop, customer, cents))


@requirement("R5", "A refund that failed half-way is stored by half, or can't be sent again.")
def test_a_refund_that_fails_has_not_happened(client, traders, books, quarters, faults):
    payer, payee = traders[:2]
    cents = quarters(1)[0]
    number = pay(client, payer, payee, cents).json["id"]
    faults.begin("entry", payer)
    assert refund(client, number).status_code == 500
    assert state(client, number) is False
    assert books.read() == books.after((payer, payee, cents))
    faults.end()
    assert told(refund(client, number)) == PAID
    assert books.read() == books.after((payer, payee, cents), (payee, payer, cents))


@requirement("R5", "A refund and a payment between the same accounts at the same moment do not both succeed.")
def test_a_refund_meets_a_payment(workers, meeting, traders, books, quarters):
    moves = []
    # Whichever of the two has the lower id.
    for payer, payee in (traders[:2], traders[1::-1]):
        first, second = quarters(2)
        number = pay(workers[0], payer, payee, first).json["id"]
        meeting.hold(payer, payee)
        meeting.send(lambda number=number: refund(workers[0], number))
        meeting.send(lambda move=(payer, payee, second): pay(workers[1], *move))
        assert [told(answer) for answer in meeting.answers()] == [PAID, PAID]
        moves += [(payer, payee, first), (payee, payer, first), (payer, payee, second)]
        assert books.read() == books.after(*moves)


@requirement("R5", "An ordinary refund is not answered or booked as before.")
def test_an_ordinary_refund_is_as_before(client, traders, books, quarters):
    payer, payee = traders[:2]
    cents = quarters(1)[0]
    number = pay(client, payer, payee, cents, "stool").json["id"]
    answer = refund(client, number)
    assert told(answer) == PAID
    assert answer.json == {
        "id": answer.json["id"],
        "from": payee.number,
        "to": payer.number,
        "amount": credits_of(cents),
        "reference": "stool",
        "refund_of": number,
        "refunded": False,
    }
    assert state(client, number) is True
    assert told(refund(client, number)) == REFUNDED
    assert told(refund(client, answer.json["id"])) == (409, "not_refundable")
    assert told(refund(client, 1)) == (404, "transfer_not_found")
    assert books.read() == books.after((payer, payee, cents), (payee, payer, cents))
