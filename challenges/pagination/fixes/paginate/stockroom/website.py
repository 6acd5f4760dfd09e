"""The stock page for the office."""

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from stockroom import paging, stock

bp = Blueprint("website", __name__)
bp.add_app_template_global(paging.address, "page_address")


@bp.get("/stock")
def show_stock() -> ResponseReturnValue:
    """A page of the stock, by category and sorted if asked."""
    sort = request.args.get("sort", "number")
    if sort.removeprefix("-") not in stock.SORTS:
        abort(400, "There is no such order.")
    chosen = request.args.getlist("category")

    number = paging.positive("page")
    if number is None:
        abort(400, "There is no such page.")
    parts = paging.paginated(stock.parts(categories=chosen, sort=sort), number, current_app.config["PER_PAGE"])
    if not paging.in_range(parts):
        abort(404, "There is no such page.")
    return render_template(
        "stock.html",
        parts=parts,
        categories=stock.categories(),
        chosen=chosen,
        sort=sort,
        sorts=stock.SORTS,
    )
