"""The little markup of notes that the README describes: what is what in a text. The HTML of it is in `beta.html`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Flask

MARKS = (
    ("address", re.compile(r"https?://[^\s<>\"']+")),
    ("bold", re.compile(r"\*([^*\n]+)\*")),
    ("reference", re.compile(r"(?<!\w)#(\d{1,8})\b")),
    ("end", re.compile(r"\n")),
)


def parts(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of a kind (`text` or one of MARKS) and the text that is meant."""
    start = position = 0
    while position < len(text):
        kind, found = _mark_at(text, position)
        if found is None:
            position += 1
            continue
        yield "text", text[start:position]
        yield kind, found[found.lastindex or 0]
        start = position = found.end()
    yield "text", text[start:]


def first_line(text: str) -> str:
    """What fits on the screen at the entrance."""
    return text.split("\n", 1)[0]


def _mark_at(text: str, position: int) -> tuple[str, re.Match[str] | None]:
    for kind, pattern in MARKS:
        if found := pattern.match(text, position):
            return kind, found
    return "text", None


def register(app: Flask) -> None:
    """Let the templates of `app` use the filters."""
    app.add_template_filter(parts)
    app.add_template_filter(first_line)
