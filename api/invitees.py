"""Lists of people to invite, as recruiters write or export them: CSV, or a name on each line. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.invitations import MOST_EXTRA_MINUTES
from store.text import is_one_line
from store.tokens import MAX_NAME

#: People in one list.
MOST_PEOPLE = 200
#: At the beginning of a CSV file spreadsheets take it for UTF-8.
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_DELIMITERS = ",;\t"
_HEADINGS = {"name", "candidate"}
#: What spreadsheets take for the beginning of a formula.
_FORMULA = re.compile(r"^[=+\-@\t\r]")


class BadList(Exception):
    """A list that can't be read. `wrong`: each place and what is wrong there, as sentences."""

    def __init__(self, wrong: Sequence[str]) -> None:
        super().__init__("; ".join(wrong))
        self.wrong = tuple(wrong)


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to invite. `reference`: the recruiter's own; `extra_minutes`: what they have beside the others."""

    name: str
    reference: str | None = None
    extra_minutes: int = 0


def read_people(text: str) -> list[Invitee]:
    """People of a list: `name, reference, extra minutes` on each line, the last two optional, a heading too.

    Commas, semicolons or tabs are between. Raises BadList with all that is wrong.
    """
    lines = text.removeprefix(BYTE_ORDER_MARK).splitlines()
    delimiter = _delimiter(lines)
    people: list[Invitee] = []
    wrong: list[str] = []
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells) or (not people and not wrong and cells[0].lower() in _HEADINGS):
                continue
            try:
                people.append(_invitee(cells))
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


def _delimiter(lines: Sequence[str]) -> str:
    """That of the first line with one; a name alone needs none."""
    for line in lines:
        found = [each for each in _DELIMITERS if each in line]
        if found:
            return max(found, key=line.count)
    return ","


def _invitee(cells: list[str]) -> Invitee:
    name, reference, extra, *more = [*cells, "", ""]
    if any(more):
        raise ValueError("it has more than name, reference and extra minutes")
    if not name:
        raise ValueError("the name is missing")
    for what, text in (("name", name), ("reference", reference)):
        if len(text) > MAX_NAME or not is_one_line(text):
            raise ValueError(f"the {what} must be at most {MAX_NAME} characters, without control characters")
    return Invitee(name, reference or None, extra_minutes_of(extra))


def extra_minutes_of(text: str) -> int:
    """A field of extra minutes; an empty one is none. Raises ValueError."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= MOST_EXTRA_MINUTES):
        raise ValueError(f"extra minutes must be a number from 0 to {MOST_EXTRA_MINUTES}")
    return int(text)


def links_csv(rows: Sequence[tuple[str, str, str]]) -> str:
    """Name, reference and link of each, as CSV."""
    return safe_csv([("name", "reference", "link"), *rows])


def safe_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV (RFC 4180). What a spreadsheet would take for a formula is made plain text."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows([[f"'{cell}" if _FORMULA.match(cell) else cell for cell in row] for row in rows])
    return written.getvalue()
