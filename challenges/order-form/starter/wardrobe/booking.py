"""From a form that keeps the rules to an order in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from wardrobe.checks import costumes_of
from wardrobe.extensions import db
from wardrobe.lines import Line
from wardrobe.models import Costume, Order, OrderLine
from wardrobe.prices import line_cents


def fill_in(order: Order, form: Mapping[str, str], lines: Sequence[Line]) -> None:
    """Make an order, a new one or one that is stored, what the form says."""
    order.company = form["company"].strip()
    order.days = int(form["days"])
    order.total_cents = total_cents(lines, order.days)

    costumes = costumes_of(lines)
    rows = order.lines[: len(lines)]
    rows += [OrderLine() for _ in lines[len(rows) :]]
    for position, (row, line) in enumerate(zip(rows, lines)):
        row.position = position
        row.costume = costumes[line["costume"]]
        row.count = int(line["count"])
        row.note = line["note"]
        row.press = bool(line["press"])
    order.lines = rows


def total_cents(lines: Sequence[Line], days: int) -> int:
    """What lines that keep the rules cost together."""
    codes = [line["costume"] for line in lines]
    costumes = db.session.scalars(select(Costume).where(Costume.code.in_(codes)))
    return sum(
        line_cents(costume, int(line["count"]), days, bool(line["press"])) for costume, line in zip(costumes, lines)
    )
