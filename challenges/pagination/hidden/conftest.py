"""The warehouse of this grading, and a pager's links read from a page."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from mendbox_harness import Warehouse
from werkzeug.test import Client


@pytest.fixture
def warehouse(seed: int) -> Warehouse:
    """The warehouse that the harness stored for this grading."""
    return Warehouse(seed)


class StockPage(HTMLParser):
    """The parts of a stock page and the links of its pager.

    `numbered` holds the target of each link whose text is a number, `related` those of `prev` and `next`, `current`
    the text of what has `aria-current`.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.numbered: dict[str, str] = {}
        self.related: dict[str, str] = {}
        self.current: list[str] = []
        self._open: list[tuple[str, dict[str, Any]]] = []
        self._texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "tr" and values.get("data-number"):
            self.parts.append(str(values["data-number"]))
        if self._open or (tag == "nav" and "pager" in str(values.get("class")).split()):
            self._open.append((tag, values))
            self._texts.append("")

    def handle_data(self, data: str) -> None:
        self._texts = [text + data for text in self._texts]

    def handle_endtag(self, tag: str) -> None:
        while any(tag == name for name, _ in self._open):
            name, values = self._open.pop()
            self._closed(name, values, self._texts.pop().strip())
            if name == tag:
                return

    def _closed(self, tag: str, values: dict[str, Any], text: str) -> None:
        if values.get("aria-current") == "page":
            self.current.append(text)
        if tag != "a":
            return
        for relation in {"prev", "next"}.intersection(str(values.get("rel")).split()):
            self.related[relation] = values["href"]
        if text.isdigit() and not values.get("rel"):
            assert text not in self.numbered, f"two links to page {text}"
            self.numbered[text] = values["href"]


@pytest.fixture
def stock_page(client: Client) -> Any:
    """Gives the stock page at an address."""

    def read(path: str, **query: Any) -> StockPage:
        answer = client.get(path, query_string=query or None)
        assert answer.status_code == 200, path
        assert answer.mimetype == "text/html"
        return StockPage(answer.text)

    return read
