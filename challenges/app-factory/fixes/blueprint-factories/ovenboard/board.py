"""`/board`: the screen at the oven."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ovenboard.db import Database
from ovenboard.models import Order


def blueprint(branch: str, database: Database) -> Blueprint:
    """The screen of this branch."""
    bp = Blueprint("board", __name__)

    @bp.get("/board")
    def show_board() -> ResponseReturnValue:
        query = select(Order).where(Order.done.is_(False)).order_by(Order.number)
        return render_template("board.html", branch=branch, orders=database.session.scalars(query).all())

    return bp
