"""The stock page for the office."""

from math import ceil

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from stockroom import stock
from stockroom.extensions import db
from stockroom.models import Part

bp = Blueprint("website", __name__)


@bp.get("/stock")
def show_stock() -> ResponseReturnValue:
    """A page of the stock, by category and sorted if asked."""
    sort = request.args.get("sort", "number")
    if sort.removeprefix("-") not in stock.SORTS:
        abort(400, "There is no such order.")
    chosen = request.args.getlist("category")

    page = request.args.get("page", 1, type=int)
    per_page = current_app.config["PER_PAGE"]
    parts = db.session.scalars(
        stock.parts(categories=chosen, sort=sort).limit(per_page).offset((page - 1) * per_page)
    )
    total = db.session.scalar(select(func.count(Part.id)))
    return render_template(
        "stock.html",
        parts=parts.all(),
        categories=stock.categories(),
        chosen=chosen,
        sort=sort,
        sorts=stock.SORTS,
        page=page,
        pages=ceil(total / per_page),
    )
