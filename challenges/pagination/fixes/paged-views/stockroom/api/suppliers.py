"""Suppliers."""

from flask import Blueprint
from sqlalchemy import Select

from stockroom import stock
from stockroom.models import Supplier
from stockroom.paging import paged
from stockroom.serializers import supplier_json

bp = Blueprint("suppliers", __name__, url_prefix="/suppliers")


@bp.get("")
@paged("suppliers", supplier_json)
def list_suppliers() -> Select[tuple[Supplier]]:
    """Everyone we buy from, by name."""
    return stock.suppliers()
