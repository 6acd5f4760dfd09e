"""`/orders`: new orders, changed ones, and what has been ordered."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from wardrobe.booking import book
from wardrobe.checks import check
from wardrobe.extensions import db
from wardrobe.lines import OrderForm
from wardrobe.models import Costume, Order

bp = Blueprint("orders", __name__)


@bp.get("/")
def catalogue() -> ResponseReturnValue:
    return render_template("catalogue.html", costumes=costumes())


@bp.get("/orders/new")
def new() -> ResponseReturnValue:
    return page(OrderForm.new())


@bp.post("/orders/new")
def place() -> ResponseReturnValue:
    """Store the order, or add or remove a line of the form."""
    return answer_to_form(Order())


def answer_to_form(order: Order) -> ResponseReturnValue:
    """What becomes of the form that was sent: the order, stored, or the form once more."""
    form = OrderForm.sent(request.form)
    if form.pressed(request.form.get("action", "save")):
        return page(form, order)
    if not check(form):
        return page(form, order), 422
    book(order, form)
    db.session.add(order)
    db.session.commit()
    return redirect(url_for("orders.show", number=order.id), 303)


def page(form: OrderForm, order: Order | None = None) -> str:
    return render_template("order_form.html", form=form, order=order, costumes=costumes())


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
