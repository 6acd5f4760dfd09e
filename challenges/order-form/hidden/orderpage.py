"""What a browser makes of the page with the order form, and forms as a browser sends them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

Line = dict[str, Any]
NEW = "/orders/new"
BLANK: Line = {"costume": "", "count": "", "note": "", "press": False}
OF_LINE = re.compile(r"lines-([0-9]{1,9})-(id|costume|count|note|press)")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class OrderPage(HTMLParser):
    """`head`: company and days; `lines`: by their numbers, in the order of the page; `messages`: texts by field;
    `buttons`: values of `action`.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.head: dict[str, str] = {}
        self.lines: dict[int, Line] = {}
        self.messages: dict[str, str] = {}
        self.buttons: list[str] = []
        self._within: list[tuple[str, str]] = []
        self._form: list[tuple[str, str]] = []
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[str]] | None = None
        self.feed(text)
        self.close()
        self.messages = {field: said for field, said in self.messages.items() if said.strip()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._within.append((tag, given.get("id", "")))
        name = "" if "disabled" in given else given.get("name", "")
        if tag == "form":
            self._form = []
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select and "selected" in given:
            self._select[1].append(given.get("value", ""))
        elif tag == "button" and name == "action":
            self.buttons.append(given.get("value", ""))
        elif tag == "input" and name:
            kind = given.get("type", "text").lower()
            if kind in ("checkbox", "radio"):
                value = given.get("value", "on") if "checked" in given else ""
                self._form.append((name, value))
            elif kind == "submit" and name == "action":
                self.buttons.append(given.get("value", ""))
            elif kind not in ("submit", "button", "image", "reset"):
                self._form.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self._form.append((self._area[0], "".join(self._area[1]).removeprefix("\n")))
            self._area = None
        elif tag == "select" and self._select:
            self._form.append((self._select[0], self._select[1][0] if self._select[1] else ""))
            self._select = None
        elif tag == "form" and any(name == "company" for name, _ in self._form):
            self._keep()
        while any(open_tag == tag for open_tag, _ in self._within):
            if self._within.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)
        for _, key in self._within:
            if key.startswith("error-"):
                field = key.removeprefix("error-")
                self.messages[field] = self.messages.get(field, "") + data

    def _keep(self) -> None:
        for name, value in self._form:
            if found := OF_LINE.fullmatch(name):
                line = self.lines.setdefault(int(found[1]), {**BLANK})
                field = found[2]
                assert field == "press" or not line.get(field), f"{name} is in the page twice"
                if field == "press":
                    line["press"] = bool(value)
                elif field == "costume":
                    line["costume"] = value.strip().upper()
                elif field != "id" or value:
                    line[field] = value.strip()
            elif name in ("company", "days"):
                self.head[name] = value

    def wrong(self) -> tuple[list[set[str]], set[str]]:
        """The fields with a message: of each line from top to bottom, and those of no line."""
        of_lines: dict[int, set[str]] = {number: set() for number in self.lines}
        others = set()
        for field in self.messages:
            if found := OF_LINE.fullmatch(field):
                of_lines[int(found[1])].add(found[2])
            else:
                others.add(field)
        return list(of_lines.values()), others


def page_of(answer: Any, status: int) -> OrderPage:
    """The page of an answer with this status. Its lines stand by their numbers, each with a button of its own."""
    assert answer.status_code == status, answer.status_code
    page = OrderPage(answer.text)
    assert list(page.lines) == sorted(page.lines)
    assert {"save", "add"} <= set(page.buttons)
    assert [button for button in page.buttons if button.startswith("remove-")] == [
        f"remove-{number}" for number in page.lines
    ]
    return page


def sent(head: Mapping[str, str], lines: Mapping[int, Line], action: str = "save") -> dict[str, str]:
    """A form as a browser sends it. What is not ticked is not sent; a field that is None was not sent either."""
    form = {**head, "action": action}
    for number, line in lines.items():
        for field, value in line.items():
            if field == "press":
                value = "yes" if value else None
            if value is not None:
                form[f"lines-{number}-{field}"] = value
    return form


def numbered(lines: Sequence[Line], numbers: Sequence[int] | None = None) -> dict[int, Line]:
    """Lines by their numbers: from 0 on without gaps, unless told."""
    return dict(zip(numbers or range(len(lines)), lines, strict=True))


def typed(lines: Sequence[Line]) -> list[Line]:
    """Lines in the shape of `OrderPage.lines`: codes with capitals, and without spaces around."""
    whole = [BLANK | {field: value for field, value in line.items() if value is not None} for line in lines]
    return [line | {"costume": line["costume"].strip().upper()} for line in whole]


def refused(answer: Any, lines: Sequence[Line], wrong: Mapping[int, set[str]], *others: str) -> OrderPage:
    """The page of a refused form: these lines from top to bottom, messages at these fields of them, and no others."""
    page = page_of(answer, 422)
    assert list(page.lines.values()) == typed(lines)
    of_lines, of_none = page.wrong()
    assert {place: fields for place, fields in enumerate(of_lines) if fields} == wrong
    assert of_none == set(others)
    return page


def plain(order: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of an order as the packing room sees them, without ids and ticks."""
    return [{key: value for key, value in line.items() if key not in ("id", "packed")} for line in order["lines"]]
