"""From a form that keeps the rules to an order in the database."""

from __future__ import annotations

from wardrobe.checks import find
from wardrobe.lines import LineForm, OrderForm
from wardrobe.models import Order, OrderLine


def book(order: Order, form: OrderForm) -> None:
    """Make an order, a new one or one that is stored, what the form says."""
    before = list(order.lines)
    order.company, order.days = form.company, int(form.days)
    order.lines = [_row(line, before) for line in form.written]
    for place, row in enumerate(order.lines):
        row.position = place
    order.reckon()


def _row(line: LineForm, before: list[OrderLine]) -> OrderLine:
    """The row that the line is about, which is then taken out of `before`; else a new one."""
    costume = find(line.costume)
    row = next((each for each in before if str(each.id) == line.id), None)
    if row:
        before.remove(row)
    else:
        row = OrderLine()
    row.costume, row.count, row.note, row.press = costume, int(line.count), line.note, line.press != ""
    return row
