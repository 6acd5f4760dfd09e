"""Pages of a list."""

from dataclasses import dataclass
from typing import Any

from flask import abort, request
from sqlalchemy import Select, func, select

from pressroom.extensions import db

DEFAULT_PER_PAGE = 20
MAX_PER_PAGE = 25


@dataclass(frozen=True)
class Page:
    """One page of a longer list. `number` counts from 1."""

    items: list[Any]
    number: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // self.per_page)


def requested_page(statement: Select[Any]) -> Page:
    """The page of `statement` that the request's `page` and `per_page` ask for. Aborts with 400."""
    number = _whole_number("page", default=1, most=1_000_000)
    per_page = _whole_number("per_page", default=DEFAULT_PER_PAGE, most=MAX_PER_PAGE)
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    items = db.session.scalars(statement.limit(per_page).offset((number - 1) * per_page))
    return Page(list(items), number, per_page, total)


def _whole_number(name: str, *, default: int, most: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= 1):
        abort(400, f"{name} must be a whole number of at least 1")
    return min(int(text), most)
