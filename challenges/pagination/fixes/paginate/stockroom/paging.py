"""Lists come in pages, with links from one to the next."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select

from stockroom.errors import ApiError
from stockroom.extensions import db

NUMBER = re.compile(r"0*[1-9][0-9]*", re.ASCII)
#: No database counts further than this.
FURTHEST = 10**12


def page_of(query: Select[Any], name: str, as_json: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The page of `query` that the request asks for, as every list of the API answers it. The rows are in `name`."""
    most = current_app.config["MAX_PER_PAGE"]
    number = positive("page")
    length = positive("per_page")
    if number is None:
        raise ApiError(400, "invalid_parameter", "page must be a whole number from 1 on.")
    if length is None or length > most:
        raise ApiError(400, "invalid_parameter", f"per_page must be a whole number from 1 to {most}.")
    found = paginated(query, number, length)
    if not in_range(found):
        raise ApiError(404, "page_not_found", f"The list has {max(found.pages, 1)} pages.")

    return {
        name: [as_json(row) for row in found],
        "page": number,
        "per_page": length,
        "pages": max(found.pages, 1),
        "total": found.total,
        "links": {
            "first": address(1),
            "prev": address(found.prev_num) if found.has_prev else None,
            "next": address(found.next_num) if found.has_next else None,
            "last": address(max(found.pages, 1)),
        },
    }


def positive(name: str) -> int | None:
    """The number that the request has under this name, or the usual one. None if it is no number from 1 on."""
    usual = {"page": 1, "per_page": current_app.config["PER_PAGE"]}
    given = request.args.get(name, str(usual[name]))
    if not NUMBER.fullmatch(given):
        return None
    return FURTHEST if len(given.lstrip("0")) > 12 else int(given)


def paginated(query: Select[Any], number: int, length: int) -> Pagination:
    return db.paginate(query, page=number, per_page=length, max_per_page=length, error_out=False)


def in_range(found: Pagination) -> bool:
    return found.page == 1 or found.page <= found.pages


def address(number: int) -> str:
    """This request's own address with another page in its query."""
    others = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
    return f"{request.script_root}{request.path}?{urlencode([*others, ('page', number)])}"
