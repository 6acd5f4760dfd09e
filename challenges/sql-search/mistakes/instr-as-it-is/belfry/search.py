"""The search behind `/bells` and its export, as one value: what a request asks for, and the bells that it finds.

Texts are compared by `instr`, which knows no patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, select
from werkzeug.datastructures import MultiDict

from belfry.errors import ApiError
from belfry.extensions import db
from belfry.models import Bell

Args = MultiDict[str, str]
Choice = TypeVar("Choice", bound=Enum)


class Direction(Enum):
    """Which end of a list comes first."""

    asc = 1
    desc = -1


class BellOrder(Enum):
    """By which attribute of a bell a list is sorted."""

    number = "number"
    name = "name"
    founder = "founder"
    tower = "tower"
    diameter = "diameter_mm"
    weight = "weight_kg"
    year = "cast_year"


def one_of(choices: type[Choice], args: Args, key: str, otherwise: Choice) -> Choice:
    """The choice that a request names; `otherwise` where it names none."""
    if not (given := args.get(key)):
        return otherwise
    try:
        return choices[given]
    except KeyError:
        known = sorted(choices.__members__)
        error = ApiError(400, "bad_parameter", f"This list knows {key} as {' or '.join(known)}.")
    error.error |= {"parameter": key, "value": given, "allowed": known}
    raise error


@dataclass(frozen=True)
class Size:
    """How large a parameter may be."""

    key: str
    usual: int
    largest: int

    def of(self, args: Args) -> int:
        given = args.get(self.key) or str(self.usual)
        digits = given.lstrip("0") if set(given) <= set("0123456789") else ""
        if digits and len(digits) < 7 and int(digits) <= self.largest:
            return int(digits)
        error = ApiError(
            400, "bad_parameter", f"Say a number for {self.key} that is at least 1 and not above {self.largest}."
        )
        error.error |= {"parameter": self.key, "value": given}
        raise error


PAGE = Size("page", 1, 100_000)
PAGE_SIZE = Size("page_size", 20, 100)
LIMIT = Size("limit", 10, 50)


def place_in(column: ColumnElement[str], typed: str) -> ColumnElement[int]:
    """Where a text stands in a column, from 1; 0 where it does not."""
    return func.instr(column, typed)


@dataclass(frozen=True)
class Search:
    """What somebody looks for among the published bells."""

    words: str = ""
    exactly: dict[str, str] = field(default_factory=dict)
    order: BellOrder = BellOrder.number
    direction: Direction = Direction.asc

    @classmethod
    def asked(cls, args: Args) -> Search:
        exactly = {name: args[name] for name in ("founder", "tower") if args.get(name)}
        order = one_of(BellOrder, args, "sort", BellOrder.number)
        return cls(args.get("q", "").strip(), exactly, order, one_of(Direction, args, "direction", Direction.asc))

    def _fits(self) -> ColumnElement[bool]:
        anywhere = (
            place_in(Bell.name, self.words) + place_in(Bell.founder, self.words) + place_in(Bell.tower, self.words)
        )
        called = [getattr(Bell, name).collate("NOCASE") == value for name, value in self.exactly.items()]
        return and_(Bell.published.is_(True), anywhere > 0, *called)

    def __len__(self) -> int:
        return db.session.query(Bell).filter(self._fits()).count()

    def bells(
        self, narrowed: Callable[[Select[tuple[Bell]]], Select[tuple[Bell]]] = lambda query: query
    ) -> Iterator[Bell]:
        """All of them, or those that are left when the query was narrowed."""
        column = getattr(Bell, self.order.value)
        text = self.order in (BellOrder.name, BellOrder.founder, BellOrder.tower)
        sorted_by = column.collate("NOCASE") if text else column * self.direction.value
        if text and self.direction is Direction.desc:
            sorted_by = sorted_by.desc()
        yield from db.session.scalars(
            narrowed(select(Bell).where(self._fits()).order_by(column.is_(None), sorted_by, Bell.number))
        )
