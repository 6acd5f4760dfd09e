"""`/board`: the screen at the oven."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ovenboard.db import session
from ovenboard.models import Order
from ovenboard.pricing import money

bp = Blueprint("board", __name__)
bp.add_app_template_filter(money)


@bp.get("/board")
def show_board() -> ResponseReturnValue:
    orders = session().scalars(select(Order).where(Order.done.is_(False)).order_by(Order.number)).all()
    return render_template("board.html", branch=current_app.config["BRANCH"], orders=orders)
