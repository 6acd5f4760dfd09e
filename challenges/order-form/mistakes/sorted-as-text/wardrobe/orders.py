"""`/orders`: new orders, and what has been ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from wardrobe.booking import fill_in
from wardrobe.checks import order_faults
from wardrobe.extensions import db
from wardrobe.lines import Lines, after_button, blank, filled, from_zero, read
from wardrobe.models import Costume, Order

bp = Blueprint("orders", __name__)

BLANK_LINES = 3


@bp.get("/")
def catalogue() -> ResponseReturnValue:
    return render_template("catalogue.html", costumes=costumes())


@bp.get("/orders/new")
def new() -> ResponseReturnValue:
    return form_page({"company": "", "days": "1"}, from_zero([blank() for _ in range(BLANK_LINES)]))


@bp.post("/orders/new")
def place() -> ResponseReturnValue:
    """Store the order, or add or remove a line of the form."""
    form = request.form
    action = form.get("action", "save")
    lines = read(form)
    if action == "add" or action.startswith("remove-"):
        return form_page(form, after_button(lines, action))
    if faults := order_faults(form, filled(lines)):
        return form_page(form, lines, faults), 422

    order = Order()
    fill_in(order, form, filled(lines))
    db.session.add(order)
    db.session.commit()
    return redirect(url_for("orders.show", number=order.id), 303)


def form_page(
    head: Mapping[str, str], lines: Lines, faults: Mapping[str, str] | None = None, order: Order | None = None
) -> str:
    """The page with the form: for a new order, or to change one."""
    return render_template(
        "order_form.html", head=head, lines=lines, faults=faults or {}, order=order, costumes=costumes()
    )


def costumes() -> Sequence[Costume]:
    return db.session.scalars(select(Costume).order_by(Costume.code)).all()


@bp.get("/orders/<int:number>")
def show(number: int) -> ResponseReturnValue:
    return render_template("order.html", order=db.get_or_404(Order, number))


@bp.get("/orders.json")
def accounts_list() -> ResponseReturnValue:
    """All orders, for the accounts."""
    orders = db.session.scalars(select(Order).order_by(Order.id))
    return {
        "orders": [
            {
                "id": order.id,
                "company": order.company,
                "days": order.days,
                "lines": len(order.lines),
                "total_cents": order.total_cents,
            }
            for order in orders
        ]
    }
