"""Suppliers."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from stockroom import stock
from stockroom.paging import page_of
from stockroom.serializers import supplier_json

bp = Blueprint("suppliers", __name__, url_prefix="/suppliers")


@bp.get("")
def list_suppliers() -> ResponseReturnValue:
    """Everyone we buy from, by name."""
    return page_of(stock.suppliers(), "suppliers", supplier_json)
