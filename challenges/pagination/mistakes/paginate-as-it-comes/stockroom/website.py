"""The stock page for the office."""

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from stockroom import stock
from stockroom.extensions import db
from stockroom.paging import page_address

bp = Blueprint("website", __name__)


@bp.get("/stock")
def show_stock() -> ResponseReturnValue:
    """A page of the stock, by category and sorted if asked."""
    sort = request.args.get("sort", "number")
    if sort.removeprefix("-") not in stock.SORTS:
        abort(400, "There is no such order.")
    chosen = request.args.getlist("category")
    query = stock.parts(categories=chosen, sort=sort)
    return render_template(
        "stock.html",
        parts=db.paginate(query, per_page=current_app.config["PER_PAGE"]),
        page_address=page_address,
        categories=stock.categories(),
        chosen=chosen,
        sort=sort,
        sorts=stock.SORTS,
    )
