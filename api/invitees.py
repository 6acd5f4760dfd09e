"""Lists of people to invite, as recruiters write or export them: CSV, or a name on each line. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from store.invitations import MOST_EXTRA_MINUTES
from store.mail import is_address
from store.text import is_one_line, whole_number
from store.tokens import MAX_NAME

#: People in one list.
MOST_PEOPLE = 200
#: At the beginning of a CSV file spreadsheets take it for UTF-8.
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_DELIMITERS = ",;\t"
#: What columns may be called, by what is in them.
_NAMES = ("name", "candidate")
_HEADINGS = {
    **dict.fromkeys(_NAMES, "name"),
    "reference": "reference",
    **dict.fromkeys(("extra minutes", "minutes", "extra"), "extra"),
    **dict.fromkeys(("mail", "email", "e-mail", "address"), "mail"),
}
#: Columns in their usual order.
_USUAL = ("name", "reference", "extra", "mail")
#: What spreadsheets take for the beginning of a formula.
_FORMULA = re.compile(r"^[=+\-@\t\r]")


class BadList(Exception):
    """A list that can't be read. `wrong`: each place and what is wrong there, as sentences."""

    def __init__(self, wrong: Sequence[str]) -> None:
        super().__init__("; ".join(wrong))
        self.wrong = tuple(wrong)


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to invite. `reference`: the recruiter's own; `extra_minutes`: what they have beside the others.
    `email`: where a link can be sent."""

    name: str
    reference: str | None = None
    extra_minutes: int = 0
    email: str | None = None


def read_people(text: str) -> list[Invitee]:
    """People of a list: `name, reference, extra minutes, mail address` on each line, of which the name alone must be.

    A heading may name the columns in another order. Without one an address may stand in any column but the first: it is
    known by its `@`. Commas, semicolons or tabs are between. Raises BadList with all that is wrong.
    """
    lines = text.removeprefix(BYTE_ORDER_MARK).splitlines()
    delimiter = _delimiter(lines)
    columns: tuple[str, ...] | None = None
    people: list[Invitee] = []
    wrong: list[str] = []
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            try:
                if not people and not wrong and columns is None and _is_heading(cells):
                    columns = _columns(cells)
                else:
                    people.append(_invitee(_by_place(cells) if columns is None else _by_name(cells, columns)))
            except ValueError as error:
                wrong.append(f"Line {reader.line_num}: {error}.")
    except csv.Error as error:
        wrong.append(f"Line {reader.line_num}: {error}.")
    if not people and not wrong:
        wrong.append("Write a name at least.")
    if len(people) > MOST_PEOPLE:
        wrong.append(f"There are {len(people)} people, and a list may have {MOST_PEOPLE}. Send it in parts.")
    if wrong:
        raise BadList(wrong)
    return people


def _is_heading(cells: Sequence[str]) -> bool:
    named = [_HEADINGS.get(cell.lower()) for cell in cells]
    return cells[0].lower() in _NAMES or ("name" in named and None not in named)


def _columns(cells: Sequence[str]) -> tuple[str, ...]:
    """What each column holds; "" for one without a name. Raises ValueError."""
    columns = tuple(_HEADINGS.get(cell.lower(), cell and "?") for cell in cells)
    if "?" in columns:
        raise ValueError(f"no column is called {cells[columns.index('?')]!r}; name, reference, extra minutes, mail are")
    if len({each for each in columns if each}) < len([each for each in columns if each]):
        raise ValueError("two columns have the same heading")
    return columns


def _by_name(cells: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    if any(cells[len(columns) :]):
        raise ValueError("it has more cells than the heading")
    found = dict(zip(columns, cells, strict=False))
    if found.pop("", ""):
        raise ValueError("it has something in a column without a heading")
    return found


def _by_place(cells: Sequence[str]) -> dict[str, str]:
    name, *others = cells
    addresses = [cell for cell in others if "@" in cell]
    if len(addresses) > 1:
        raise ValueError("it has two mail addresses")
    if len(others) >= len(_USUAL) - 1:
        others = [cell for cell in others if "@" not in cell]
    rest = ["" if "@" in cell else cell for cell in others]
    if any(rest[len(_USUAL) - 2 :]):
        raise ValueError("it has more than name, reference, extra minutes and a mail address")
    return dict(zip(_USUAL, [name, *rest], strict=False)) | {"mail": addresses[0] if addresses else ""}


def _delimiter(lines: Sequence[str]) -> str:
    """That of the first line with one; a name alone needs none."""
    for line in lines:
        found = [each for each in _DELIMITERS if each in line]
        if found:
            return max(found, key=line.count)
    return ","


def _invitee(cells: Mapping[str, str]) -> Invitee:
    """Somebody of what their cells hold, by column. Raises ValueError."""
    name, reference, email = cells.get("name", ""), cells.get("reference", ""), cells.get("mail", "")
    if not name:
        raise ValueError("the name is missing")
    for what, text in (("name", name), ("reference", reference)):
        if len(text) > MAX_NAME or not is_one_line(text):
            raise ValueError(f"the {what} must be at most {MAX_NAME} characters, without control characters")
    if email and not is_address(email):
        raise ValueError("the mail address must be one, as ada@example.org")
    return Invitee(name, reference or None, extra_minutes_of(cells.get("extra", "")), email or None)


def extra_minutes_of(text: str) -> int:
    """A field of extra minutes; an empty one is none. Raises ValueError."""
    if not text:
        return 0
    minutes = whole_number(text, 0, MOST_EXTRA_MINUTES)
    if minutes is None:
        raise ValueError(f"extra minutes must be a number from 0 to {MOST_EXTRA_MINUTES}")
    return minutes


def links_csv(rows: Sequence[tuple[str, str, str]]) -> str:
    """Name, reference and link of each, as CSV."""
    return safe_csv([("name", "reference", "link"), *rows])


def safe_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV (RFC 4180). What a spreadsheet would take for a formula is made plain text."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows([[f"'{cell}" if _FORMULA.match(cell) else cell for cell in row] for row in rows])
    return written.getvalue()
