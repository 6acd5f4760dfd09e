"""Booking: how credits get from one account to another."""

from __future__ import annotations

from millrace.errors import ApiError
from millrace.extensions import db
from millrace.models import Account, Entry, Transfer
from millrace.money import to_text


def move(
    payer: Account, payee: Account, cents: int, reference: str = "", refund_of: Transfer | None = None
) -> Transfer:
    """Take `cents` from one account and give them to another; gives the transfer. Raises ApiError 409."""
    payer_after = payer.balance_cents - cents
    payee_after = payee.balance_cents + cents
    if payer_after < -payer.credit_cents:
        raise ApiError(409, "insufficient_funds", f"Account {payer.number} can't pay {to_text(cents)}.")

    transfer = Transfer(
        payer=payer,
        payee=payee,
        amount_cents=cents,
        reference=reference,
        refund_of_id=refund_of.id if refund_of else None,
    )
    db.session.add(transfer)
    db.session.commit()

    _book(payer, payer_after, -cents, transfer)
    _book(payee, payee_after, cents, transfer)
    return transfer


def refund(transfer: Transfer) -> Transfer:
    """Move a transfer's amount back; gives the transfer that does it. Raises ApiError 409."""
    if transfer.refund_of_id is not None:
        raise ApiError(409, "not_refundable", f"Transfer {transfer.id} is a refund itself.")
    if transfer.refunded:
        raise ApiError(409, "already_refunded", f"Transfer {transfer.id} was refunded before.")
    transfer.refunded = True
    db.session.commit()
    return move(transfer.payee, transfer.payer, transfer.amount_cents, transfer.reference, refund_of=transfer)


def close(account: Account) -> None:
    """Close an account that has nothing and owes nothing. Raises ApiError 409."""
    if account.closed:
        raise ApiError(409, "account_closed", f"Account {account.number} is closed.")
    if account.balance_cents != 0:
        raise ApiError(409, "account_not_empty", f"Account {account.number} is not empty.")
    account.closed = True
    db.session.commit()


def _book(account: Account, balance_cents: int, change_cents: int, transfer: Transfer) -> None:
    if account.closed:
        raise ApiError(409, "account_closed", f"Account {account.number} is closed.")
    account.balance_cents = balance_cents
    db.session.add(Entry(account_id=account.id, transfer_id=transfer.id, amount_cents=change_cents))
    db.session.commit()
