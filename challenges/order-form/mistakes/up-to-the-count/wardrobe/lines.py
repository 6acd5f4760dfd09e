"""The lines of an order as a form sends them: `lines-0-costume`, `lines-0-count` and so on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import abort

#: What one line of a form holds, all of it text: by field what was sent, "" for what was not.
Line = dict[str, str]
#: Lines by their numbers, smallest first. Numbers may be missing.
Lines = dict[int, Line]
FIELDS = ("id", "costume", "count", "note", "press")
NAME = re.compile(rf"lines-([0-9]{{1,9}})-({'|'.join(FIELDS)})")
#: Lines that an order may have, and lines that anybody may send, blank ones counted.
MOST_LINES = 40
MOST_SENT = 200


def blank() -> Line:
    """A line that nobody has filled in yet."""
    return dict.fromkeys(FIELDS, "")


def read(form: Mapping[str, str]) -> Lines:
    """All lines of a form, blank ones too. Answers 413 for more than anybody writes."""
    numbers = {part[1] for name in form if (part := NAME.fullmatch(name))}
    if len(numbers) > MOST_SENT:
        abort(413, f"A form has at most {MOST_SENT} lines.")
    return {number: _line_at(form, number) for number in range(len(numbers))}


def _line_at(form: Mapping[str, str], number: int) -> Line:
    line = {field: form.get(f"lines-{number}-{field}", "").strip() for field in FIELDS}
    return line | {"costume": line["costume"].upper()}


def filled(lines: Lines) -> Lines:
    """The lines without the blank ones. An id is nothing that anybody has filled in."""
    return {number: line for number, line in lines.items() if any(line[field] for field in FIELDS if field != "id")}


def after_button(lines: Lines, action: str) -> Lines:
    """The lines after the button for one more, or for one less, was pressed."""
    if action == "add":
        room = len(lines) < MOST_LINES
        return from_zero([*lines.values(), blank()]) if room else lines
    return {number: line for number, line in lines.items() if action != f"remove-{number}"}


def from_zero(lines: list[Line]) -> Lines:
    return dict(enumerate(lines))
