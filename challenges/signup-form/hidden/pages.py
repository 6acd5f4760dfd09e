"""What a browser makes of a page with a form: the messages at its fields, and what it would send."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

NAMES = ("handle", "name", "email", "born", "evening", "guests", "diet", "notes", "pin", "pin_again", "rules")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
PREFIX = "error-"


class Page(HTMLParser):
    """`messages` by field; `sent`: what a browser sends of the form with an e-mail address; `fields`: those of it that
    the app's README knows; `offered`: options by field.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.messages: dict[str, str] = {}
        self.offered: dict[str, dict[str, str]] = {}
        self.sent: dict[str, list[str]] = {}
        self._open: list[tuple[str, str]] = []
        self._chosen: dict[str, list[str]] = {}
        self._select: str | None = None
        self._selected: list[str] = []
        self._option: list[str] | None = None
        self._option_given: Mapping[str, str | None] = {}
        self._area: list[str] | None = None
        self._area_name = ""
        self.feed(text)
        self.close()
        self.fields = {name: values for name, values in self.sent.items() if name in NAMES}
        self.messages = {field: text.strip() for field, text in self.messages.items() if text.strip()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self._open.append((tag, given.get("id") or ""))
        name = given.get("name") or ""
        if tag == "form":
            self._chosen = {}
        elif tag == "input" and "disabled" not in given:
            self._input(name, (given.get("type") or "text").lower(), given)
        elif tag == "select":
            self._select, self._selected = name, []
            self.offered[name] = {}
        elif tag == "option" and self._select is not None:
            self._end_option()
            self._option, self._option_given = [], given
        elif tag == "textarea":
            self._area, self._area_name = [], name

    def _input(self, name: str, kind: str, given: Mapping[str, str | None]) -> None:
        if not name or kind in ("submit", "button", "reset", "image", "file"):
            return
        if kind in ("checkbox", "radio"):
            value = given.get("value", "on") or ""
            self.offered.setdefault(name, {})[value] = ""
            if "checked" not in given:
                return
        else:
            value = given.get("value") or ""
        self._chosen.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "option":
            self._end_option()
        elif tag == "select" and self._select is not None:
            self._end_option()
            first = list(self.offered[self._select])[:1]
            self._chosen.setdefault(self._select, []).extend(self._selected[-1:] or first)
            self._select = None
        elif tag == "textarea" and self._area is not None:
            text = "".join(self._area).replace("\r\n", "\n").strip()
            self._chosen.setdefault(self._area_name, []).append(text)
            self._area = None
        elif tag == "form" and "email" in self._chosen:
            self.sent = self._chosen
        while any(open_tag == tag for open_tag, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def _end_option(self) -> None:
        if self._option is None or self._select is None:
            return
        text = "".join(self._option).strip()
        value = self._option_given.get("value", text) or ""
        if "disabled" not in self._option_given or "selected" in self._option_given:
            self.offered[self._select][value] = text
        if "selected" in self._option_given:
            self._selected.append(value)
        self._option = None

    def handle_data(self, data: str) -> None:
        if self._option is not None:
            self._option.append(data)
        if self._area is not None:
            self._area.append(data)
        for _, key in self._open:
            if key.startswith(PREFIX):
                field = key.removeprefix(PREFIX)
                self.messages[field] = self.messages.get(field, "") + data


def as_sent(form: Mapping[str, Any], **changes: Any) -> dict[str, list[str]]:
    """A form in the shape of `Page.fields`: what is not sent is not there, lines end as in a page."""
    sent = {}
    for name, value in {**form, **changes}.items():
        values = value if isinstance(value, list) else [value]
        if values:
            sent[name] = [text.replace("\r\n", "\n") for text in values]
    return sent


def as_listed(form: Mapping[str, Any]) -> dict[str, Any]:
    """What the kitchen's list shows of someone who sent this form, but for the number. Lines end as in a page."""
    return {
        "handle": form["handle"].strip(),
        "name": form["name"].strip(),
        "email": form["email"].strip(),
        "born": form["born"],
        "evening": form["evening"],
        "guests": int(form["guests"]),
        "diet": form["diet"],
        "notes": form["notes"].strip().replace("\r\n", "\n"),
    }


def refused(answer: Any, *fields: str) -> Page:
    """The page of a form that was refused for these fields and no others."""
    assert answer.status_code == 422, answer.status_code
    page = Page(answer.text)
    assert set(page.messages) == set(fields)
    return page
