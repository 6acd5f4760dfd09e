"""For the packing room: what an order is made of, and what of it hangs on the rail."""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from wardrobe.extensions import db
from wardrobe.models import Order, OrderLine

bp = Blueprint("packing", __name__, url_prefix="/orders")


@bp.get("/<int:number>.json")
def packing_list(number: int) -> ResponseReturnValue:
    order = db.get_or_404(Order, number)
    lines = [
        {
            "id": line.id,
            "costume": line.costume.code,
            "title": line.costume.title,
            "count": line.count,
            "note": line.note,
            "press": line.press,
            "packed": line.packed,
            "cents": line.cents,
        }
        for line in order.lines
    ]
    return {
        "id": order.id,
        "company": order.company,
        "days": order.days,
        "total_cents": order.total_cents,
        "lines": lines,
    }


@bp.post("/<int:number>/lines/<int:line>/packed")
def tick(number: int, line: int) -> ResponseReturnValue:
    """Tick a line (`packed=yes`), or take the tick off."""
    row = db.get_or_404(OrderLine, line)
    if row.order_id != number:
        abort(404)
    row.packed = request.form.get("packed") == "yes"
    db.session.commit()
    return "", 204
