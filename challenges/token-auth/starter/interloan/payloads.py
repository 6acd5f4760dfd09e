"""Reading and checking what clients send. What cannot be accepted raises ApiError 400."""

from __future__ import annotations

from typing import Any

from flask import request

from interloan.errors import ApiError


def json_object() -> dict[str, Any]:
    """The request's body, which must be a JSON object."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "bad_request", "Send a JSON object.")
    return body


def text(body: dict[str, Any], name: str, longest: int) -> str:
    """A field that must be a text that is not empty."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise ApiError(400, "bad_request", f"{name} must be a text of 1 to {longest} characters.")
    return value.strip()


def number(body: dict[str, Any], name: str, least: int, most: int) -> int:
    """A field that must be a whole number."""
    value = body.get(name)
    if type(value) is not int or not least <= value <= most:
        raise ApiError(400, "bad_request", f"{name} must be a whole number from {least} to {most}.")
    return value
