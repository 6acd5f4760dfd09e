"""What a browser makes of a page: elements, the values of attributes, the text that a reader sees, and what is code.

Only that is compared, never bytes: `&#39;`, `&apos;` and `'` are the same to a reader.
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
    "tr": {"tr", "td", "th"},
    "td": {"td", "th"},
    "th": {"td", "th"},
}
LEADS_TO = ("href", "src", "action", "formaction", "data")
#: A complete string of JavaScript. A template with `${` is code, not a string.
STRING = re.compile(r"""'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*"|`(?:[^`\\$]|\\.|\$(?!\{))*`""", re.DOTALL)
BLANKS = re.compile(r"[ \t\n\r\f]+")
#: What browsers ignore in an address: blanks and controls at its ends, line ends and tabs anywhere.
IGNORED = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$|[\t\n\r]")


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

    @property
    def content(self) -> str:
        """The characters in it, unchanged: what a script reads of another script."""
        return "".join(child if isinstance(child, str) else child.content for child in self.children)

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

    def names(self) -> set[str]:
        """The names of all elements and of all attributes."""
        return {name for element in self.all() for name in (element.tag, *element.attributes)}

    def data(self, name: str) -> str:
        """The text of the script with this id, which must end where the page means it to."""
        script = self.one("script", id=name)
        assert script.get("type") == "application/json"
        assert ends_where_it_should(script.content)
        return script.content

    def code(self) -> list[str]:
        """Scripts that are run, and event handlers, each without its complete strings."""
        scripts = [
            script.content for script in self.all("script") if (script.get("type") or "module") != "application/json"
        ]
        handlers = [
            value for element in self.all() for name, value in element.attributes.items() if name.startswith("on")
        ]
        return [STRING.sub("''", code) for code in scripts + handlers]

    def leaves_the_web(self) -> list[str]:
        """Addresses that a browser would follow, but not to a page."""
        addresses = [value for element in self.all() for name, value in element.attributes.items() if name in LEADS_TO]
        return [address for address in addresses if not _is_of_the_web(address)]


def seen(text: str) -> str:
    """A text as a reader sees it: blanks in a row look like one, and those at the ends of lines like none."""
    return "\n".join(BLANKS.sub(" ", line).strip(" ") for line in text.split("\n")).strip("\n")


def _is_of_the_web(address: str) -> bool:
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", IGNORED.sub("", address).lower())
    return scheme is None or scheme[1] in {"http", "https", "mailto", "tel"}


def ends_where_it_should(script: str) -> bool:
    """Whether `</script>` behind this text ends the script. Behind `<!--` and `<script` it does not, to a browser."""
    commented = nested = False
    position = 0
    while found := re.compile(r"<!--|-->|<script(?=[\s/>])", re.IGNORECASE).search(script, position):
        position = found.end()
        if found[0] == "<!--":
            position = found.start() + 2  # its dashes may be those of `-->`, too
            commented = True
        elif found[0] == "-->":
            commented = nested = False
        else:
            nested = commented
    return not nested


def untouched(page: Page, words: Iterable[str]) -> bool:
    """Whether none of these words became an element, an attribute, or code."""
    places = [*page.names(), *page.code()]
    return not any(word in place for word in words for place in places)


def read(answer: TestResponse) -> Page:
    """The page that was answered."""
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    return Page(answer.text)
