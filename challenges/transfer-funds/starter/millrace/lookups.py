"""Finding things by the names that clients know them by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from millrace.errors import ApiError
from millrace.extensions import db
from millrace.models import Account, Transfer


def account_or_404(number: Any) -> Account:
    """The account with this number, also a closed one. Raises ApiError 404 when there is none."""
    account = None
    if isinstance(number, str):
        account = db.session.scalar(select(Account).where(Account.number == number))
    if account is None:
        raise ApiError(404, "account_not_found", f"There is no account {number!r}.")
    return account


def transfer_or_404(transfer_id: int) -> Transfer:
    """The transfer with this id. Raises ApiError 404 when there is none."""
    transfer = db.session.get(Transfer, transfer_id)
    if transfer is None:
        raise ApiError(404, "transfer_not_found", f"There is no transfer {transfer_id}.")
    return transfer
