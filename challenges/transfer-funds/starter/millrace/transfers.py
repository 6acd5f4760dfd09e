"""`/transfers`: paying, and getting back what was paid."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from millrace import ledger, payloads
from millrace.lookups import account_or_404, transfer_or_404
from millrace.models import Transfer
from millrace.money import to_cents
from millrace.serializers import transfer_detail

bp = Blueprint("transfers", __name__, url_prefix="/transfers")


def _created(transfer: Transfer) -> ResponseReturnValue:
    return transfer_detail(transfer), 201, {"Location": url_for("transfers.show_transfer", transfer_id=transfer.id)}


@bp.post("")
def create_transfer() -> ResponseReturnValue:
    body = payloads.json_object()
    cents = to_cents(body.get("amount"))
    reference = payloads.reference(body)
    payer = account_or_404(body.get("from"))
    payee = account_or_404(body.get("to"))
    return _created(ledger.move(payer, payee, cents, reference))


@bp.get("/<int:transfer_id>")
def show_transfer(transfer_id: int) -> ResponseReturnValue:
    return transfer_detail(transfer_or_404(transfer_id))


@bp.post("/<int:transfer_id>/refund")
def refund_transfer(transfer_id: int) -> ResponseReturnValue:
    """Give the payer back what a transfer took."""
    return _created(ledger.refund(transfer_or_404(transfer_id)))
