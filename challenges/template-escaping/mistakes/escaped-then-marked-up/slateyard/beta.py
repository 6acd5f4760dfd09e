"""Notes as HTML: the little markup that the README describes."""

from __future__ import annotations

import re

from flask import Flask, url_for
from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[^\s<>\"']+")
BOLD = re.compile(r"\*([^*\n]+)\*")
REFERENCE = re.compile(r"(?<!\w)#(\d{1,8})\b")


def beta(text: str) -> Markup:
    """A note, ready for a page."""
    html = ADDRESS.sub(r'<a href="\g<0>" rel="nofollow noopener">\g<0></a>', str(escape(text)))
    html = BOLD.sub(r"<strong>\1</strong>", html)
    html = REFERENCE.sub(_link, html)
    return Markup(html.replace("\n", "<br>"))


def first_line(text: str) -> str:
    """What fits on the screen at the entrance."""
    return text.split("\n", 1)[0]


def _link(found: re.Match[str]) -> str:
    address = url_for("boulders.show_boulder", boulder_id=int(found[1]))
    return f'<a href="{address}">{found[0]}</a>'


def is_web(address: str | None) -> bool:
    """Whether an address leads to the web."""
    return address is not None and address.lower().startswith(("http://", "https://"))


def register(app: Flask) -> None:
    """Let the templates of `app` use the filters."""
    app.add_template_filter(beta)
    app.add_template_filter(first_line)
    app.add_template_test(is_web)
