"""Notes as HTML: the little markup that the README describes."""

from __future__ import annotations

import re

from flask import Flask, url_for
from markupsafe import Markup, escape

ADDRESS = re.compile(r"(https?://[^\s<>\"']+)")
BOLD = re.compile(r"(\*[^*\n]+\*)")
REFERENCE = re.compile(r"(?<!\w)#(\d{1,8})\b")
LINK = Markup('<a href="%s" rel="nofollow noopener">%s</a>')
EMPTY = Markup("")


def beta(text: str) -> Markup:
    """A note, ready for a page: split at what is markup, the rest escaped."""
    return EMPTY.join(
        LINK % (part, part) if ADDRESS.fullmatch(part) else _line_ends(part) for part in ADDRESS.split(text)
    )


def first_line(text: str) -> str:
    """What fits on the screen at the entrance."""
    return text.split("\n", 1)[0]


def _line_ends(text: str) -> Markup:
    return Markup("<br>").join(_bold(line) for line in text.split("\n"))


def _bold(text: str) -> Markup:
    return EMPTY.join(
        Markup("<strong>%s</strong>") % _references(part[1:-1]) if BOLD.fullmatch(part) else _references(part)
        for part in BOLD.split(text)
    )


def _references(text: str) -> Markup:
    parts = REFERENCE.split(text)
    html = escape(parts[0])
    for number, rest in zip(parts[1::2], parts[2::2], strict=True):
        address = url_for("boulders.show_boulder", boulder_id=int(number))
        html += Markup('<a href="%s">#%s</a>') % (address, number) + escape(rest)
    return html


def website(address: str) -> Markup:
    """A website as a link, or as text when it leads elsewhere than to the web."""
    if re.match("https?://", address, re.IGNORECASE):
        return Markup('<a class="website" href="{0}" rel="me">{0}</a>').format(address)
    return escape(address)


def register(app: Flask) -> None:
    """Let the templates of `app` use the filters."""
    app.add_template_filter(beta)
    app.add_template_filter(first_line)
    app.add_template_filter(website)
