"""`/accounts`: balances and statements."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from millrace import ledger
from millrace.extensions import db
from millrace.lookups import account_or_404
from millrace.models import Account, Entry
from millrace.money import to_text
from millrace.serializers import account_detail, account_summary, entry_line

bp = Blueprint("accounts", __name__, url_prefix="/accounts")


@bp.get("")
def list_accounts() -> ResponseReturnValue:
    """All accounts by number, and what they hold together."""
    accounts = db.session.scalars(select(Account).order_by(Account.number)).all()
    return {
        "accounts": [account_summary(account) for account in accounts],
        "total": to_text(sum(account.balance_cents for account in accounts)),
    }


@bp.get("/<number>")
def show_account(number: str) -> ResponseReturnValue:
    return account_detail(account_or_404(number))


@bp.get("/<number>/statement")
def show_statement(number: str) -> ResponseReturnValue:
    """What was booked on an account, newest first."""
    account = account_or_404(number)
    entries = db.session.scalars(
        select(Entry)
        .where(Entry.account_id == account.id)
        .options(joinedload(Entry.transfer))
        .order_by(Entry.id.desc())
    )
    return account_summary(account) | {"entries": [entry_line(entry) for entry in entries]}


@bp.post("/<number>/close")
def close_account(number: str) -> ResponseReturnValue:
    account = account_or_404(number)
    ledger.close(account)
    return account_detail(account)
