"""What the request is about: who asks, in which unit, under which id, and what it has in its hands."""

from dataclasses import dataclass, field
from typing import cast

from flask import g
from werkzeug.local import LocalProxy

from coreshed.errors import ApiError


@dataclass(frozen=True)
class Visitor:
    """The person whose token was sent."""

    id: int
    name: str
    company_id: int
    company: str


@dataclass
class Current:
    """`trail` is what will be written down as notes, `table` the light table in use."""

    visitor: Visitor | None = None
    unit: str = "m"
    request_id: str = ""
    trail: list[tuple[int, str]] = field(default_factory=list)
    table: int | None = None


def _of_this_request() -> Current:
    if "current" not in g:
        g.current = Current()
    return cast(Current, g.current)


#: Kept with the request, and gone with it.
current = cast(Current, LocalProxy(_of_this_request))


def visitor() -> Visitor:
    """Who asks. Raises ApiError 401 when nobody has said so."""
    if current.visitor is None:
        raise ApiError(401, "unauthorized", "Send the token of a person.")
    return current.visitor
