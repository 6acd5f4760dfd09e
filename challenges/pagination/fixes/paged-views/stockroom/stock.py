"""What is in stock, as queries."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from stockroom.extensions import db
from stockroom.models import Movement, Part, Supplier

SORTS = {
    "number": Part.number,
    "name": Part.name,
    "quantity": Part.quantity,
    "counted_on": Part.counted_on,
}

#: What tells equal rows apart, so that every list has one order only.
TIES = {Part: Part.number.asc(), Movement: Movement.id.desc(), Supplier: Supplier.code.asc()}


def in_order(query: Select[Any], *wanted: Any) -> Select[Any]:
    """The query in the wanted order, and equal rows in the one of `TIES`."""
    return query.order_by(*wanted, TIES[query.column_descriptions[0]["entity"]])


def parts(*, categories: Iterable[str] = (), supplier: str | None = None, sort: str = "number") -> Select[tuple[Part]]:
    """Parts of any of the categories, or of all if none is given. KeyError for an unknown `sort`."""
    query = select(Part)
    if categories:
        query = query.where(Part.category.in_(categories))
    if supplier is not None:
        query = query.where(Part.supplier.has(Supplier.code == supplier))
    column = SORTS[sort.removeprefix("-")]
    return in_order(query, column.desc() if sort.startswith("-") else column)


def part_by_number(number: str) -> Part | None:
    return db.session.scalar(select(Part).where(Part.number == number))


def movements_of(part: Part, kind: str | None = None) -> Select[tuple[Movement]]:
    """What went in and out of a part's bin, newest first."""
    query = select(Movement).where(Movement.part_id == part.id)
    if kind is not None:
        query = query.where(Movement.kind == kind)
    return in_order(query, Movement.at.desc())


def suppliers() -> Select[tuple[Supplier]]:
    """All suppliers by name."""
    return in_order(select(Supplier), Supplier.name)


def categories() -> list[str]:
    """The names of all categories that have parts."""
    return list(db.session.scalars(select(Part.category).distinct().order_by(Part.category)))
