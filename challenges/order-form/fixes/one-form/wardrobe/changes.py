"""`/orders/<id>/edit`: the company rings, and wants something else."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from wardrobe.extensions import db
from wardrobe.lines import OrderForm
from wardrobe.models import Order
from wardrobe.orders import answer_to_form, page

bp = Blueprint("changes", __name__, url_prefix="/orders/<int:number>/edit")


@bp.get("")
def show(number: int) -> ResponseReturnValue:
    """The form with what was ordered, and a blank line below."""
    order = db.get_or_404(Order, number)
    return page(OrderForm.for_order(order), order)


@bp.post("")
def change(number: int) -> ResponseReturnValue:
    return answer_to_form(db.get_or_404(Order, number))
