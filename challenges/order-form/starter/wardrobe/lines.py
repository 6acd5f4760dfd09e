"""The lines of an order as a form sends them: `lines-0-costume`, `lines-0-count` and so on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

#: What one line of a form holds, all of it text: by field what was sent, "" for what was not.
Line = dict[str, str]
FIELDS = ("id", "costume", "count", "note", "press")


def blank() -> Line:
    """A line that nobody has filled in yet."""
    return dict.fromkeys(FIELDS, "")


def line_at(form: Mapping[str, str], number: int | str) -> Line:
    """The line of a form with this number."""
    line = {field: form.get(f"lines-{number}-{field}", "").strip() for field in FIELDS}
    return line | {"costume": line["costume"].upper()}


def read(form: Mapping[str, str]) -> list[Line]:
    """All lines of a form, blank ones too."""
    lines: list[Line] = []
    while f"lines-{len(lines)}-costume" in form:
        lines.append(line_at(form, len(lines)))
    return lines


def filled(lines: Iterable[Line]) -> list[Line]:
    """The lines without the blank ones."""
    return [line for line in lines if line["costume"]]
