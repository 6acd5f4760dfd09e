"""Reading what forms send. Whatever can't be stored ends the request with 400."""

from __future__ import annotations

from flask import abort, request
from markupsafe import escape

from slateyard.extensions import db
from slateyard.models import Climber


def line(field: str, most: int) -> str:
    """A line of text of at most `most` characters."""
    value = request.form.get(field, "").strip()
    if not value:
        abort(400, f"{field} is missing.")
    if len(value) > most:
        abort(400, f"{field} is too long.")
    return str(escape(value))


def optional_line(field: str, most: int) -> str | None:
    """A line of text, or None when it was left empty."""
    return line(field, most) if request.form.get(field, "").strip() else None


def text(field: str, most: int) -> str:
    """Text of several lines. Browsers send `\\r\\n` between them, we store `\\n`."""
    return line(field, most).replace("\r\n", "\n")


def number(field: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    value = line(field, 8)
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        abort(400, f"{field} is no number from {least} to {most}.")
    return int(value)


def climber(field: str) -> Climber:
    """The climber whose id was sent."""
    found = db.session.get(Climber, number(field, 1, 99_999_999))
    if found is None:
        abort(400, f"{field} is nobody.")
    return found
