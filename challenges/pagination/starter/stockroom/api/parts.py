"""Parts."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from stockroom import stock
from stockroom.errors import ApiError
from stockroom.models import Part
from stockroom.paging import page_of
from stockroom.serializers import part_json

bp = Blueprint("parts", __name__, url_prefix="/parts")


@bp.get("")
def list_parts() -> ResponseReturnValue:
    """Parts. `?category=`, which may be repeated, and `?supplier=` narrow them down, `?sort=` puts them in order."""
    sort = request.args.get("sort", "number")
    if sort.removeprefix("-") not in stock.SORTS:
        raise ApiError(400, "invalid_parameter", f"sort must be one of {', '.join(stock.SORTS)}.")
    query = stock.parts(
        categories=request.args.getlist("category"), supplier=request.args.get("supplier"), sort=sort
    )
    return page_of(query, "parts", part_json)


@bp.get("/<number>")
def show_part(number: str) -> ResponseReturnValue:
    """One part."""
    return {"part": part_json(part_or_404(number))}


def part_or_404(number: str) -> Part:
    """The part with this number. Raises ApiError 404 when there is none."""
    part = stock.part_by_number(number)
    if part is None:
        raise ApiError(404, "part_not_found", f"There is no part {number}.")
    return part
