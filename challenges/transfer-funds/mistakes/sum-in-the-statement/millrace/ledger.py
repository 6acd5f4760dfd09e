"""Booking: how credits get from one account to another.

No balance is read to calculate with: the database does that in the statement that changes it. Accounts are changed in order of their ids, so that no two payments wait for each
other. Everything of one payment is committed at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import update

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
    changes = Counter({payee: cents * len(payers)})
    for payer in payers:
        changes[payer] -= cents
    for account in sorted(changes, key=lambda account: account.id):
        _change(account, changes[account])

    transfers = []
    for payer in payers:
        transfer = Transfer(
            payer=payer,
            payee=payee,
            amount_cents=cents,
            reference=reference,
            refund_of_id=refund_of.id if refund_of else None,
        )
        db.session.add(Entry(account_id=payer.id, transfer=transfer, amount_cents=-cents))
        db.session.add(Entry(account_id=payee.id, transfer=transfer, amount_cents=cents))
        transfers.append(transfer)
    db.session.commit()
    return transfers


def refund(transfer: Transfer) -> Transfer:
    """Move a transfer's amount back; gives the transfer that does it. Raises ApiError 409."""
    if transfer.refund_of_id is not None:
        raise ApiError(409, "not_refundable", f"Transfer {transfer.id} is a refund itself.")
    claimed = db.session.execute(
        update(Transfer)
        .where(Transfer.id == transfer.id, Transfer.refunded.is_(False))
        .values(refunded=True)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount == 0:
        raise ApiError(409, "already_refunded", f"Transfer {transfer.id} was refunded before.")
    return move(transfer.payee, transfer.payer, transfer.amount_cents, transfer.reference, refund_of=transfer)


def close(account: Account) -> None:
    """Close an account that has nothing and owes nothing. Raises ApiError 409."""
    closed = db.session.execute(
        update(Account)
        .where(Account.id == account.id, Account.closed.is_(False), Account.balance_cents == 0)
        .values(closed=True)
        .execution_options(synchronize_session=False)
    )
    if closed.rowcount == 0:
        db.session.refresh(account)
        if account.closed:
            raise ApiError(409, "account_closed", f"Account {account.number} is closed.")
        raise ApiError(409, "account_not_empty", f"Account {account.number} is not empty.")
    db.session.commit()


def _change(account: Account, cents: int) -> None:
    """Add `cents` to a balance if the account may have that. Raises ApiError 409."""
    if account.closed:
        raise ApiError(409, "account_closed", f"Account {account.number} is closed.")
    if cents < 0 and account.balance_cents + cents < -account.credit_cents:
        raise ApiError(409, "insufficient_funds", f"Account {account.number} can't pay {to_text(-cents)}.")
    db.session.execute(
        update(Account)
        .where(Account.id == account.id)
        .values(balance_cents=Account.balance_cents + cents)
        .execution_options(synchronize_session=False)
    )
