"""A form with an order in it: who hires, for how long, and the lines. It knows what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

if TYPE_CHECKING:
    from wardrobe.models import Order

TEXTS = ("id", "costume", "count", "note", "press")
LIMIT = 40
NEVER_TYPED = 201


@dataclass
class LineForm:
    """A line of a form: `number` is the one in its names, as it was sent."""

    number: str = ""
    id: str = ""
    costume: str = ""
    count: str = ""
    note: str = ""
    press: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not (self.costume or self.count or self.note or self.press)


@dataclass
class OrderForm:
    """The whole form. The page numbers its lines anew, so here their order is all that counts."""

    company: str
    days: str
    lines: list[LineForm]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def new(cls) -> OrderForm:
        return cls("", "1", [LineForm(), LineForm(), LineForm()])

    @classmethod
    def for_order(cls, order: Order) -> OrderForm:
        """What is stored, with room for one line more."""
        shown = [
            LineForm(
                id=str(row.id),
                costume=row.costume.code,
                count=str(row.count),
                note=row.note,
                press="yes" if row.press else "",
            )
            for row in order.lines
        ]
        return cls(order.company, str(order.days), [*shown, LineForm()])

    @classmethod
    def sent(cls, posted: MultiDict[str, str]) -> OrderForm:
        """What a browser has sent. Raises RequestEntityTooLarge for what no browser sends."""
        found: dict[str, dict[str, Any]] = {}
        for name, text in posted.items():
            match name.split("-"):
                case ["lines", number, part] if part in TEXTS and _is_number(number):
                    found.setdefault(number, {})[part] = text.strip()
        if len(found) >= NEVER_TYPED:
            raise RequestEntityTooLarge
        lines = [LineForm(number, **found[number]) for number in sorted(found, key=int)]
        for line in lines:
            line.costume = line.costume.upper()
        return cls(posted.get("company", ""), posted.get("days", ""), lines)

    @property
    def written(self) -> Iterator[LineForm]:
        """The lines in which there is anything."""
        return (line for line in self.lines if not line.empty)

    def pressed(self, button: str) -> bool:
        """Whether the button was one that changes the form. If so, it has done it."""
        verb, _, number = button.partition("-")
        if verb == "remove":
            self.lines = [line for line in self.lines if line.number != number]
        elif button == "add" and len(self.lines) < LIMIT:
            self.lines.append(LineForm())
        return verb in ("add", "remove")

    def has_errors(self) -> bool:
        return bool(self.errors) or any(line.errors for line in self.lines)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
