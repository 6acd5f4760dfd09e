"""The stock page for the office."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from stockroom import stock
from stockroom.paging import Pager, Refused

bp = Blueprint("website", __name__)


@bp.get("/stock")
def show_stock() -> ResponseReturnValue:
    """A page of the stock, by category and sorted if asked."""
    sort = request.args.get("sort", "number")
    if sort.removeprefix("-") not in stock.SORTS:
        abort(400, "There is no such order.")
    chosen = request.args.getlist("category")

    try:
        pager = Pager(stock.parts(categories=chosen, sort=sort), choose=False)
    except Refused as refused:
        abort(refused.status, refused.reason)
    return render_template(
        "stock.html",
        parts=pager.rows(),
        categories=stock.categories(),
        chosen=chosen,
        sort=sort,
        sorts=stock.SORTS,
        pager=pager,
    )
