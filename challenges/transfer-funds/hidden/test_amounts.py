"""R1: amounts to the cent, and what is no payment."""

from __future__ import annotations

import pytest
from paying import NO_AMOUNT, PAID, SAME, credits_of, pay, pay_as, told

from mendbox.testing import requirement

#: What is taken for an amount, and what is taken for text that holds one.
WORTHLESS = ("-{}", "-0.01", "0", "0.00", 0, 0.0, -3, -0.25, "{}.005", "0.001", 0.001, 7.125)
MISREAD = ("+{}", "NaN", "Infinity", "1e1", "{}_0", " {}", "{} ", "{}.", ".{}", True)


def lossy(rng, count):
    """Amounts that a binary fraction, cut off, does not hold."""
    found = [cents for cents in range(100, 9_900) if int(float(credits_of(cents)) * 100) != cents]
    return rng.sample(found, count)


@requirement("R1", "An amount that is sent as text does not arrive to the cent.")
def test_every_cent_of_a_text_arrives(client, traders, books, rng):
    payer, payee = traders[:2]
    moves = [(payer, payee, cents) for cents in lossy(rng, 3)]
    answers = [pay(client, *move) for move in moves]
    assert [told(answer) for answer in answers] == [PAID] * 3
    assert [answer.json["amount"] for answer in answers] == [credits_of(cents) for _, _, cents in moves]
    assert books.read() == books.after(*moves)


@requirement("R1", "An amount that is sent as a JSON number does not arrive to the cent.")
def test_every_cent_of_a_number_arrives(client, traders, books, rng):
    payer, payee = traders[:2]
    moves = [(payer, payee, cents) for cents in lossy(rng, 3)]
    answers = [pay(client, *move[:2], move[2] / 100) for move in moves]
    assert [told(answer) for answer in answers] == [PAID] * 3
    assert [answer.json["amount"] for answer in answers] == [credits_of(cents) for _, _, cents in moves]
    assert books.read() == books.after(*moves)


@requirement("R1", "Something that is no amount is paid, or not refused as the brief says.")
@pytest.mark.parametrize("forms", [WORTHLESS, MISREAD], ids=["worthless", "misread"])
def test_what_is_no_amount_is_refused(client, traders, books, rng, forms):
    payer, payee = traders[:2]
    for form in forms:
        amount = form.format(rng.randrange(2, 60)) if isinstance(form, str) else form
        assert told(pay_as(client, payer, payee, amount)) == NO_AMOUNT, form
    assert books.read() == books.after()


@requirement("R1", "The largest amount is not where the brief says.")
def test_the_largest_amount(client, exchange, traders, books, rng):
    rich, payee = exchange.rich, traders[0]
    assert told(pay(client, rich, payee, 10_000_000)) == PAID
    over = 10_000_000 + 25 * rng.randrange(2, 40_000)
    for amount in (credits_of(over), over / 100, "100000.01"):
        assert told(pay(client, rich, payee, amount)) == NO_AMOUNT, amount
    assert books.read() == books.after((rich, payee, 10_000_000))


@requirement("R1", "A transfer from an account to itself is not refused, or changes something.")
def test_nobody_pays_himself(client, traders, books, quarters):
    account = traders[0]
    assert told(pay(client, account, account, quarters(1)[0])) == SAME
    assert books.read() == books.after()


@requirement("R1", "An ordinary payment, or an ordinary refusal, is not as before.")
def test_an_ordinary_payment_is_as_before(client, traders, books, rng, quarters):
    payer, payee = traders[:2]
    one, other = quarters(2)
    whole = rng.randrange(2, 60)
    reference = f"invoice {rng.randrange(1_000, 9_999)}"
    answer = pay(client, payer, payee, one, reference)
    assert told(answer) == PAID
    number = answer.json["id"]
    assert answer.json == {
        "id": number,
        "from": payer.number,
        "to": payee.number,
        "amount": credits_of(one),
        "reference": reference,
        "refund_of": None,
        "refunded": False,
    }
    assert answer.headers["Location"].endswith(f"/transfers/{number}")
    assert client.get(f"/transfers/{number}").json == answer.json
    assert told(pay(client, payer, payee, other / 100)) == PAID
    assert told(pay_as(client, payer, payee, str(whole))) == PAID
    assert told(pay_as(client, payer, payee, whole)) == PAID
    lines = client.get(f"/accounts/{payee.number}/statement").json["entries"]
    moves = [(payer, payee, cents) for cents in (one, other, 100 * whole, 100 * whole)]
    paid = [credits_of(cents) for _, _, cents in moves[::-1]] + [credits_of(payee.balance)]
    assert [line["amount"] for line in lines] == paid
    assert [line["text"] for line in lines] == ["", "", "", reference, "Cash desk"]

    for amount in ("much", "", None, [one], {}):
        assert told(pay(client, payer, payee, amount)) == NO_AMOUNT, amount
    body = {"from": payer.number, "to": "0000", "amount": credits_of(one)}
    assert told(client.post("/transfers", json=body)) == (404, "account_not_found")
    assert told(client.get("/transfers/1")) == (404, "transfer_not_found")
    assert books.read() == books.after(*moves)
