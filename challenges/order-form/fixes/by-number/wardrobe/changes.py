"""`/orders/<id>/edit`: the company rings, and wants something else."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from wardrobe.booking import fill_in
from wardrobe.checks import order_faults
from wardrobe.extensions import db
from wardrobe.lines import after_button, blank, filled, from_zero, read
from wardrobe.models import Order
from wardrobe.orders import form_page

bp = Blueprint("changes", __name__, url_prefix="/orders/<int:number>/edit")


@bp.get("")
def show(number: int) -> ResponseReturnValue:
    """The form with what was ordered, and a blank line below."""
    order = db.get_or_404(Order, number)
    lines = [
        {
            "id": str(row.id),
            "costume": row.costume.code,
            "count": str(row.count),
            "note": row.note,
            "press": "yes" if row.press else "",
        }
        for row in order.lines
    ]
    head = {"company": order.company, "days": str(order.days)}
    return form_page(head, from_zero([*lines, blank()]), order=order)


@bp.post("")
def change(number: int) -> ResponseReturnValue:
    order = db.get_or_404(Order, number)
    form = request.form
    action = form.get("action", "save")
    lines = read(form)
    if action == "add" or action.startswith("remove-"):
        return form_page(form, after_button(lines, action), order=order)
    if faults := order_faults(form, filled(lines)):
        return form_page(form, lines, faults, order), 422

    fill_in(order, form, filled(lines))
    db.session.commit()
    return redirect(url_for("orders.show", number=order.id), 303)
