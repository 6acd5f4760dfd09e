"""What a browser makes of a page: elements, the values of attributes, the text that a reader sees.

Only that is compared, never bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from werkzeug.test import TestResponse

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
#: A start tag ends an element of these that is still open.
ENDS = {
    "li": {"li"},
    "p": {"p"},
    "option": {"option"},
    "dd": {"dt", "dd"},
    "dt": {"dt", "dd"},
    "tr": {"tr", "td", "th"},
    "td": {"td", "th"},
    "th": {"td", "th"},
}
BLANKS = re.compile(r"[ \t\n\r\f]+")


class Element:
    """An element with its children, which are elements and texts."""

    def __init__(self, tag: str, attributes: Iterable[tuple[str, str | None]]) -> None:
        self.tag = tag
        self.attributes: dict[str, str] = {}
        for name, value in attributes:
            self.attributes.setdefault(name, value or "")
        self.children: list[Element | str] = []

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    def all(self, tag: str | None = None, cls: str | None = None, **attributes: object) -> list[Element]:
        """The elements in this one, in order, by tag, class and attributes (`data_id=3` is `data-id="3"`)."""
        wanted = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
        return [
            element
            for element in self._elements()
            if tag in {None, element.tag}
            and (cls is None or cls in element.attributes.get("class", "").split())
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str | None = None, cls: str | None = None, **attributes: object) -> Element:
        """The only such element."""
        found = self.all(tag, cls, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag or ''}.{cls or ''} {attributes}"
        return found[0]

    @property
    def text(self) -> str:
        """What a reader sees, with a line for each line."""
        return seen("".join(self._pieces()))

    def _elements(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._elements()

    def _pieces(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield BLANKS.sub(" ", child)
            elif child.tag == "br":
                yield "\n"
            elif child.tag not in {"script", "style", "template"}:
                yield from child._pieces()


class Page(Element, HTMLParser):
    """A document as a browser reads it."""

    def __init__(self, html: str) -> None:
        Element.__init__(self, "#document", ())
        HTMLParser.__init__(self)
        self._open: list[Element] = [self]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self._open[-1].tag in ENDS.get(tag, ()):
            self._open.pop()
        element = Element(tag, attrs)
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def seen(text: str) -> str:
    """A text as a reader sees it: blanks in a row look like one, and those at the ends of lines like none."""
    return "\n".join(BLANKS.sub(" ", line).strip(" ") for line in text.split("\n")).strip("\n")


def read(answer: TestResponse, status: int = 200) -> Page:
    """The page that was answered."""
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    return Page(answer.text)
