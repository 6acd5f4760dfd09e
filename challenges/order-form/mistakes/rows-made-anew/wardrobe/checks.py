"""What is asked of a form before anything is stored. Faults are sentences, by the name of the field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from wardrobe.extensions import db
from wardrobe.lines import MOST_LINES, Line, Lines
from wardrobe.models import Costume

MOST_DAYS = 28
MOST_PIECES = 99


def whole(text: str, most: int) -> bool:
    """Whether a text is a whole number from 1 to `most`, written in digits."""
    return text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= most


def costumes_of(lines: Iterable[Line]) -> dict[str, Costume]:
    """The costumes that lines name, by their codes."""
    codes = {line["costume"] for line in lines}
    return {costume.code: costume for costume in db.session.scalars(select(Costume).where(Costume.code.in_(codes)))}


def order_faults(form: Mapping[str, str], lines: Lines) -> dict[str, str]:
    """What is wrong with an order of these lines, none of them blank."""
    faults = {}
    if not 1 <= len(form.get("company", "").strip()) <= 80:
        faults["company"] = "Who hires? At most 80 characters."
    if not whole(form.get("days", "").strip(), MOST_DAYS):
        faults["days"] = f"A whole number from 1 to {MOST_DAYS}."
    if not lines:
        faults["lines"] = "An order has at least one line."
    elif len(lines) > MOST_LINES:
        faults["lines"] = f"An order has at most {MOST_LINES} lines; these are {len(lines)}."
    return faults | line_faults(lines)


def line_faults(lines: Lines) -> dict[str, str]:
    """What is wrong with each line. The names have the numbers that the lines have in the form."""
    faults = {}
    costumes = costumes_of(lines.values())
    asked: Counter[str] = Counter()
    for line in lines.values():
        if whole(line["count"], MOST_PIECES):
            asked[line["costume"]] += int(line["count"])
    for number, line in lines.items():
        costume = costumes.get(line["costume"])
        if costume is None:
            faults[f"lines-{number}-costume"] = "The catalogue has no costume with this code."
        if not whole(line["count"], MOST_PIECES):
            faults[f"lines-{number}-count"] = f"A whole number from 1 to {MOST_PIECES}."
        elif costume and asked[costume.code] > costume.pieces:
            faults[f"lines-{number}-count"] = f"The wardrobe has {costume.pieces} of these."
        if len(line["note"]) > 200:
            faults[f"lines-{number}-note"] = "At most 200 characters."
    return faults
