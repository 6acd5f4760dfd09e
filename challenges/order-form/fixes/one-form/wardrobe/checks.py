"""What is asked of a form before anything is stored. Errors are sentences that stand in the form, each at its field."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import select

from wardrobe.extensions import db
from wardrobe.lines import LIMIT, LineForm, OrderForm
from wardrobe.models import Costume


def whole(text: str, most: int) -> bool:
    """Whether a text is a whole number from 1 to `most`, written in digits."""
    return text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= most


def check(form: OrderForm) -> bool:
    """Note all errors in a form. Whether there were none."""
    form.company, form.days = form.company.strip(), form.days.strip()
    if not form.company or len(form.company) > 80:
        form.errors["company"] = "Who hires? At most 80 characters."
    if not whole(form.days, 28):
        form.errors["days"] = "A whole number from 1 to 28."
    lines = list(form.written)
    if len(lines) not in range(1, LIMIT + 1):
        form.errors["lines"] = f"An order has one to {LIMIT} lines."

    for line in lines:
        _check_alone(line)
    by_code = sorted((line for line in lines if not line.errors.keys() & {"costume", "count"}), key=_code)
    for code, same in groupby(by_code, key=_code):
        _check_together(code, list(same))
    return not form.has_errors()


def _code(line: LineForm) -> str:
    return line.costume


def find(code: str) -> Costume | None:
    return db.session.scalar(select(Costume).where(Costume.code == code))


def _check_alone(line: LineForm) -> None:
    if find(line.costume) is None:
        line.errors["costume"] = "The catalogue has no costume with this code."
    if not whole(line.count, 99):
        line.errors["count"] = "A whole number from 1 to 99."
    if len(line.note) > 200:
        line.errors["note"] = "At most 200 characters."


def _check_together(code: str, lines: list[LineForm]) -> None:
    costume = find(code)
    if costume and sum(int(line.count) for line in lines) > costume.pieces:
        for line in lines:
            line.errors["count"] = f"There are only {costume.pieces} of these, for all lines together."
