"""Requests that the tests make, and amounts."""

from __future__ import annotations

from typing import Any


def credits_of(cents: int) -> str:
    """An amount as clients write it."""
    return f"{cents // 100}.{cents % 100:02}"


def pay(client: Any, payer: Any, payee: Any, amount: Any, reference: str = "") -> Any:
    """Ask for a transfer; `amount` in cents, or as it shall be sent."""
    sent = credits_of(amount) if type(amount) is int else amount
    return pay_as(client, payer, payee, sent, reference)


def pay_as(client: Any, payer: Any, payee: Any, amount: Any, reference: str = "") -> Any:
    """Ask for a transfer of an amount as it shall be sent, also where that is a whole number."""
    body = {"from": payer.number, "to": payee.number, "amount": amount, "reference": reference}
    return client.post("/transfers", json=body)


def collect(client: Any, payers: Any, payee: Any, amount: Any, reference: str = "") -> Any:
    """Ask for a collection of an amount from each payer, in cents or as it shall be sent."""
    numbers = [payer.number for payer in payers]
    sent = credits_of(amount) if type(amount) is int else amount
    body = {"from": numbers, "to": payee.number, "amount": sent, "reference": reference}
    return client.post("/collections", json=body)


def refund(client: Any, transfer_id: int) -> Any:
    return client.post(f"/transfers/{transfer_id}/refund")


def close(client: Any, account: Any) -> Any:
    return client.post(f"/accounts/{account.number}/close")


def told(answer: Any) -> tuple[int, str | None]:
    """Status and error code of an answer; None where it is no error."""
    body = answer.json if answer.is_json else {}
    return answer.status_code, body.get("error", {}).get("code") if isinstance(body, dict) else None


PAID = (201, None)
NO_FUNDS = (409, "insufficient_funds")
CLOSED = (409, "account_closed")
REFUNDED = (409, "already_refunded")
SAME = (422, "same_account")
NO_AMOUNT = (422, "invalid_amount")
