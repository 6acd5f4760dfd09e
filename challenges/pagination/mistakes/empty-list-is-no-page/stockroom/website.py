"""The stock page for the office."""

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from stockroom import stock
from stockroom.paging import InvalidPage, NoSuchPage, requested_page

bp = Blueprint("website", __name__)


@bp.get("/stock")
def show_stock() -> ResponseReturnValue:
    """A page of the stock, by category and sorted if asked."""
    sort = request.args.get("sort", "number")
    if sort.removeprefix("-") not in stock.SORTS:
        abort(400, "There is no such order.")
    chosen = request.args.getlist("category")
    try:
        page = requested_page(stock.parts(categories=chosen, sort=sort), current_app.config["PER_PAGE"])
    except InvalidPage as error:
        abort(400, str(error))
    except NoSuchPage as error:
        abort(404, str(error))
    return render_template(
        "stock.html",
        parts=page.rows,
        categories=stock.categories(),
        chosen=chosen,
        sort=sort,
        sorts=stock.SORTS,
        page=page,
    )
