"""Notes as HTML: the little markup that the README describes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Flask, url_for
from markupsafe import Markup, escape

#: The first of these that begins at a place is what stands there.
MARK = re.compile(
    r"""
    (?P<address> https?://[^\s<>"']+ )
    | \* (?P<bold> [^*\n]+ ) \*
    | (?<!\w) \# (?P<number> \d{1,8} ) \b
    | (?P<end> \n )
    """,
    re.VERBOSE,
)


def beta(text: str) -> Markup:
    """A note, ready for a page. Whatever is no markup of the README stays text."""
    return Markup("").join(_pieces(text))


def first_line(text: str) -> str:
    """What fits on the screen at the entrance."""
    return text.split("\n", 1)[0]


def _pieces(text: str) -> Iterator[Markup]:
    position = 0
    for mark in MARK.finditer(text):
        yield escape(text[position : mark.start()])
        yield _marked(mark)
        position = mark.end()
    yield escape(text[position:])


def _marked(mark: re.Match[str]) -> Markup:
    if mark["address"]:
        return Markup('<a href="{0}" rel="nofollow noopener">{0}</a>').format(mark["address"])
    if mark["bold"]:
        return Markup("<strong>{}</strong>").format(beta(mark["bold"]))
    if mark["number"]:
        address = url_for("boulders.show_boulder", boulder_id=int(mark["number"]))
        return Markup('<a href="{}">{}</a>').format(address, mark[0])
    return Markup("<br>")


def is_web(address: str | None) -> bool:
    """Whether an address leads to the web. A link to any other could run code, or lead into this site."""
    return address is not None and address.lower().startswith(("http://", "https://"))


def register(app: Flask) -> None:
    """Let the templates of `app` use the filters."""
    app.add_template_filter(beta)
    app.add_template_filter(first_line)
    app.add_template_test(is_web)
