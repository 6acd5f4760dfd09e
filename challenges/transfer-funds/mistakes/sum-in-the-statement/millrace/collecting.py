"""`/collections`: the same amount from many accounts, for the yearly dues and the like."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from millrace import ledger, payloads
from millrace.lookups import account_or_404
from millrace.money import to_cents
from millrace.serializers import transfer_detail

bp = Blueprint("collections", __name__, url_prefix="/collections")


@bp.post("")
def collect() -> ResponseReturnValue:
    body = payloads.json_object()
    cents = to_cents(body.get("amount"))
    reference = payloads.reference(body)
    payee = account_or_404(body.get("to"))
    payers = [account_or_404(number) for number in payloads.payers(body)]
    transfers = ledger.collect(payers, payee, cents, reference)
    return {"transfers": [transfer_detail(transfer) for transfer in transfers]}, 201
