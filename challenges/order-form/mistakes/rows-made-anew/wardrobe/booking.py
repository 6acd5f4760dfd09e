"""From a form that keeps the rules to an order in the database."""

from __future__ import annotations

from collections.abc import Mapping

from wardrobe.checks import costumes_of
from wardrobe.lines import Lines
from wardrobe.models import Order, OrderLine


def fill_in(order: Order, form: Mapping[str, str], lines: Lines) -> None:
    """Make an order, a new one or one that is stored, what the form says.

    A line that comes with its id stays the row it is, with its tick. Every row that no line has come for goes.
    """
    order.company = form["company"].strip()
    order.days = int(form["days"])

    costumes = costumes_of(lines.values())
    rows = []
    for line in lines.values():
        row = OrderLine()
        row.position = len(rows)
        row.costume = costumes[line["costume"]]
        row.count = int(line["count"])
        row.note = line["note"]
        row.press = bool(line["press"])
        rows.append(row)
    order.lines = rows
    order.total_cents = sum(row.cents for row in rows)
