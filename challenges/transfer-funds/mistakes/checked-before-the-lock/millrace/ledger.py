"""Booking: how credits get from one account to another.

Whoever changes a balance, or decides by one, locks the account's row first. Rows are locked in order of their ids, all of
them before the first is changed, and a transfer that is to be refunded before any account: so nobody waits in a circle.
Everything of one payment is committed at once, at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from millrace.errors import ApiError
from millrace.extensions import db
from millrace.models import Account, Entry, Transfer
from millrace.money import to_text


def move(
    payer: Account, payee: Account, cents: int, reference: str = "", refund_of: Transfer | None = None
) -> Transfer:
    """Take `cents` from one account and give them to another; gives the transfer. Raises ApiError."""
    return collect([payer], payee, cents, reference, refund_of)[0]


def collect(
    payers: Sequence[Account], payee: Account, cents: int, reference: str = "", refund_of: Transfer | None = None
) -> list[Transfer]:
    """Take `cents` from each of the payers, or from none of them; gives the transfers. Raises ApiError."""
    if payee in payers:
        raise ApiError(422, "same_account", f"Account {payee.number} can't pay itself.")
    for payer in payers:
        _check(payer, payee, cents)
    _lock([payee, *payers])
    transfers = [_book(payer, payee, cents, reference, refund_of) for payer in payers]
    db.session.commit()
    return transfers


def refund(transfer: Transfer) -> Transfer:
    """Move a transfer's amount back; gives the transfer that does it. Raises ApiError 409."""
    if transfer.refund_of_id is not None:
        raise ApiError(409, "not_refundable", f"Transfer {transfer.id} is a refund itself.")
    db.session.refresh(transfer, with_for_update=True)
    if transfer.refunded:
        raise ApiError(409, "already_refunded", f"Transfer {transfer.id} was refunded before.")
    transfer.refunded = True
    return move(transfer.payee, transfer.payer, transfer.amount_cents, transfer.reference, refund_of=transfer)


def close(account: Account) -> None:
    """Close an account that has nothing and owes nothing. Raises ApiError 409."""
    _lock([account])
    if account.closed:
        raise ApiError(409, "account_closed", f"Account {account.number} is closed.")
    if account.balance_cents != 0:
        raise ApiError(409, "account_not_empty", f"Account {account.number} is not empty.")
    account.closed = True
    db.session.commit()


def _lock(accounts: Iterable[Account]) -> None:
    """Lock the accounts' rows until the transaction ends, and read them as they are then."""
    db.session.scalars(
        select(Account)
        .where(Account.id.in_({account.id for account in accounts}))
        .order_by(Account.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _check(payer: Account, payee: Account, cents: int) -> None:
    for account in (payer, payee):
        if account.closed:
            raise ApiError(409, "account_closed", f"Account {account.number} is closed.")
    if payer.balance_cents - cents < -payer.credit_cents:
        raise ApiError(409, "insufficient_funds", f"Account {payer.number} can't pay {to_text(cents)}.")


def _book(payer: Account, payee: Account, cents: int, reference: str, refund_of: Transfer | None) -> Transfer:
    transfer = Transfer(
        payer=payer,
        payee=payee,
        amount_cents=cents,
        reference=reference,
        refund_of_id=refund_of.id if refund_of else None,
    )
    for account, change in ((payer, -cents), (payee, cents)):
        account.balance_cents += change
        db.session.add(Entry(account_id=account.id, transfer=transfer, amount_cents=change))
    return transfer
