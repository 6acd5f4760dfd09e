"""Reads JSON bodies; what is wrong with them is answered with 400."""

from __future__ import annotations

from typing import Any

from flask import abort, request


def field(name: str, kind: type) -> Any:
    """A field of the request's JSON object, which must be there and of this kind."""
    body = request.get_json()
    value = body.get(name) if isinstance(body, dict) else None
    if type(value) is not kind or value == "":
        abort(400, f"{name} must be {'a whole number' if kind is int else 'text'}")
    return value


def bunches() -> int:
    """How many bunches are wanted: 1 to 500."""
    wanted: int = field("bunches", int)
    if not 1 <= wanted <= 500:
        abort(400, "bunches must be from 1 to 500")
    return wanted
