"""Reads JSON bodies; what is wrong with them is answered with 400."""

from typing import Any

from flask import abort, request


def json_object() -> dict[str, Any]:
    """The request's body, which must be a JSON object."""
    payload = request.get_json()
    if not isinstance(payload, dict):
        abort(400, "the body must be a JSON object")
    return payload


def text(payload: dict[str, Any], name: str) -> str:
    """A field that must be there and be text."""
    value = payload.get(name)
    if not isinstance(value, str) or not value.strip():
        abort(400, f"{name} must be text")
    return value.strip()


def texts(payload: dict[str, Any], name: str) -> list[str]:
    """A field that must be a list of texts; missing is an empty list."""
    values = payload.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        abort(400, f"{name} must be a list of texts")
    return [value.strip() for value in values]
