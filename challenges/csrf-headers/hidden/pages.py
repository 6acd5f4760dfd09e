"""What a browser reads in a page: forms, links, the token for scripts, and what it would load and run."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

FIELD = "csrf_token"
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """One element: what its tag says, the text directly or indirectly within it, and the form that it is in."""

    tag: str
    attributes: dict[str, str]
    form: Element | None = None
    parts: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        return "".join(self.parts)


class Page(HTMLParser):
    """An answer as a browser has it. `url` is the page's own address."""

    def __init__(self, answer: Any, url: str) -> None:
        super().__init__()
        assert answer.mimetype == "text/html", answer.mimetype
        self.url = url
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(answer.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        form = next((each for each in reversed(self._open) if each.tag == "form"), None)
        element = Element(tag, {name: value or "" for name, value in reversed(attrs)}, form)
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        for each in self._open:
            each.parts.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [each for each in self.elements if each.tag in tags]

    def address(self, reference: str) -> str:
        """The whole address that a reference in the page stands for."""
        bases = [each["href"] for each in self.all("base") if each["href"]]
        return urljoin(urljoin(self.url, bases[0]) if bases else self.url, reference.strip())

    @property
    def token(self) -> str:
        """The token that the page has for scripts."""
        found = [each["content"] for each in self.all("meta") if each["name"] == "csrf-token"]
        assert len(found) == 1, f"{self.url} has {len(found)} elements <meta name=csrf-token>"
        assert found[0], self.url
        return found[0]

    def sendings(self) -> list[Sending]:
        """All that can be sent from the page by a press of a button."""
        found = []
        for form in self.all("form"):
            owned = [each for each in self.elements if self._form_of(each) is form]
            buttons = [each for each in owned if each.tag == "button" or each["type"] in ("submit", "image")]
            for button in buttons or [Element("button", {})]:
                action = self.address(button["formaction"] or form["action"] or self.url)
                method = (button["formmethod"] or form["method"] or "get").lower()
                pairs = [pair for each in owned for pair in _pairs(each, button)]
                found.append(Sending(method, action, dict(pairs)))
        return found

    def sending(self, path: str) -> Sending:
        """The one that goes to this path by POST."""
        found = [each for each in self.sendings() if urlsplit(each.action).path == path and each.method == "post"]
        assert found, f"{self.url} has no form that is sent to {path} by POST"
        return found[0]

    def _form_of(self, element: Element) -> Element | None:
        if element["form"]:
            return next((each for each in self.all("form") if each["id"] == element["form"]), None)
        return element.form


@dataclass(frozen=True)
class Sending:
    """What a browser sends when a button is pressed."""

    method: str
    action: str
    fields: dict[str, str]


def _pairs(element: Element, pressed: Element) -> list[tuple[str, str]]:
    name, kind = element["name"], element["type"].lower()
    if not name or "disabled" in element.attributes:
        return []
    if element.tag == "textarea":
        return [(name, element.text)]
    is_button = element.tag == "button" or kind in ("submit", "image", "button", "reset")
    if is_button and element is not pressed:
        return []
    if kind in ("checkbox", "radio") and "checked" not in element.attributes:
        return []
    return [(name, element["value"])] if element.tag in ("input", "button") else []
