"""`/orders/<id>/edit`: the company rings, and wants something else."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from wardrobe.booking import fill_in
from wardrobe.checks import order_faults
from wardrobe.extensions import db
from wardrobe.lines import Line, blank, filled, line_at
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
    return form_page(head, [*lines, blank()], order=order)


@bp.post("")
def change(number: int) -> ResponseReturnValue:
    order = db.get_or_404(Order, number)
    form = request.form
    action = form.get("action", "save")
    lines = _sent(form)
    if action == "add":
        return form_page(form, [*lines, blank()], order=order)
    if action.startswith("remove-"):
        del lines[int(action.removeprefix("remove-"))]
        return form_page(form, lines, order=order)
    if faults := order_faults(form, filled(lines)):
        return form_page(form, lines, faults, order), 422

    fill_in(order, form, filled(lines))
    db.session.commit()
    return redirect(url_for("orders.show", number=order.id), 303)


def _sent(form: Mapping[str, str]) -> list[Line]:
    """All lines of the form. Where one was taken out, the others have kept their numbers."""
    numbers = {name.split("-")[1] for name in form if name.startswith("lines-")}
    return [line_at(form, number) for number in sorted(numbers)]
