"""How models look in JSON."""

from __future__ import annotations

from typing import Any

from millrace.models import Account, Entry, Transfer
from millrace.money import to_text


def account_summary(account: Account) -> dict[str, Any]:
    """One line of the list of accounts."""
    return {"number": account.number, "holder": account.holder, "balance": to_text(account.balance_cents)}


def account_detail(account: Account) -> dict[str, Any]:
    return account_summary(account) | {
        "credit_limit": to_text(account.credit_cents),
        "available": to_text(max(account.balance_cents + account.credit_cents, 0)),
        "closed": account.closed,
    }


def transfer_detail(transfer: Transfer) -> dict[str, Any]:
    return {
        "id": transfer.id,
        "from": transfer.payer.number,
        "to": transfer.payee.number,
        "amount": to_text(transfer.amount_cents),
        "reference": transfer.reference,
        "refund_of": transfer.refund_of_id,
        "refunded": transfer.refunded,
    }


def entry_line(entry: Entry) -> dict[str, Any]:
    """One line of a statement."""
    return {
        "id": entry.id,
        "amount": to_text(entry.amount_cents),
        "transfer": entry.transfer_id,
        "text": entry.transfer.reference if entry.transfer else "Cash desk",
        "booked_at": entry.booked_at.isoformat(timespec="seconds") + "Z",
    }
