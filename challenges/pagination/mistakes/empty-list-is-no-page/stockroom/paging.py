"""Lists come in pages, with links from one to the next. The API and the stock page share what a page is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy import Select, func, select

from stockroom.extensions import db


class InvalidPage(ValueError):
    """What was asked for is no page at all."""


class NoSuchPage(LookupError):
    """The list is not that long."""


@dataclass(frozen=True)
class Page:
    """Some rows of a list of `total`. Pages are counted from 1; an empty list has one."""

    rows: list[Any]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        return last_page(self.total, self.size)

    def link(self, number: int) -> str | None:
        """The address of another page of this list, None where there is none."""
        if not 1 <= number <= self.last:
            return None
        arguments = {**request.args.to_dict(flat=False), **(request.view_args or {}), "page": number}
        return url_for(request.endpoint, **arguments)


def last_page(total: int, size: int) -> int:
    return max(1, (total + size - 1) // size)


def requested_page(query: Select[Any], size: int | None = None) -> Page:
    """The page of `query` that the request asks for; the client may choose the size unless it is given.

    Raises InvalidPage and NoSuchPage.
    """
    number = _whole_number("page", 1)
    if size is None:
        size = _whole_number("per_page", current_app.config["PER_PAGE"], current_app.config["MAX_PER_PAGE"])
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    if (number - 1) * size >= total:
        raise NoSuchPage(f"There is no page {number}: the last is {last_page(total, size)}.")
    rows = db.session.scalars(query.limit(size).offset((number - 1) * size))
    return Page(list(rows), number, size, total)


def page_of(query: Select[Any], name: str, as_json: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The page of `query` that the request asks for, as every list of the API answers it. The rows are in `name`."""
    page = requested_page(query)
    return {
        name: [as_json(row) for row in page.rows],
        "page": page.number,
        "per_page": page.size,
        "pages": page.last,
        "total": page.total,
        "links": {
            "first": page.link(1),
            "prev": page.link(page.number - 1),
            "next": page.link(page.number + 1),
            "last": page.link(page.last),
        },
    }


def _whole_number(name: str, default: int, most: int | None = None) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    # int() takes more than digits: signs, blanks, underscores, other scripts, and not more than some thousand digits.
    if not (text.isascii() and text.isdigit() and len(text) <= 4_000):
        raise InvalidPage(f"{name} must be a whole number.")
    number = int(text)
    if number < 1 or (most is not None and number > most):
        raise InvalidPage(f"{name} must be at least 1" + (f" and at most {most}." if most else "."))
    return number
