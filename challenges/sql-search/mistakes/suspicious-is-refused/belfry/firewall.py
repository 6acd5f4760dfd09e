"""Refuses requests that look like an attack, before any view sees them."""

from __future__ import annotations

import re

from flask import Flask, request

from belfry.errors import ApiError

#: What nobody needs who looks for a bell.
SUSPICIOUS = (
    re.compile(r"--|/\*|\*/|;"),
    re.compile(r"['\"]\s*(?:or|and|union|\))", re.IGNORECASE),
    re.compile(r"\b(?:select|insert|update|delete|drop|alter|attach|pragma|union)\b", re.IGNORECASE),
    re.compile(r"\b(?:or|and)\b\s+\S+\s*(?:=|like|in|is)", re.IGNORECASE),
    re.compile(r"\b(?:owners?|owner_id|phone|published|sqlite_master)\b", re.IGNORECASE),
)
#: Parameters that are one word.
WORDS = ("sort", "direction")
NUMBERS = ("page", "page_size", "limit")


def suspicious(value: str) -> bool:
    """Whether a value looks like a part of a statement."""
    decoded = value.replace("\0", "").replace("\t", " ")
    return any(pattern.search(decoded) for pattern in SUSPICIOUS)


def inspect() -> None:
    """Raises ApiError 400 for the first parameter that should not be there."""
    for parameter, value in request.args.items(multi=True):
        refused = suspicious(value)
        if parameter in WORDS:
            refused = refused or not re.fullmatch("[a-z_]*", value)
        if parameter in NUMBERS:
            refused = refused or not re.fullmatch("[0-9]*", value)
        if refused:
            raise ApiError(400, "bad_parameter", f"{parameter} is refused.", parameter=parameter, value=value)


def register(app: Flask) -> None:
    """Look at every request of `app`."""
    app.before_request(inspect)
