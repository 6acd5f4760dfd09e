"""Reading what clients send. What can't be accepted raises ApiError."""

from __future__ import annotations

from typing import Any

from flask import request

from coldframe.errors import ApiError

MOST_LINES = 30
MOST_OF_ONE = 200


def json_object() -> dict[str, Any]:
    """The request's body, which must be a JSON object."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_json", "Send a JSON object.")
    return body


def text(body: dict[str, Any], field: str, longest: int) -> str:
    """A text that must be there."""
    value = body.get(field)
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise ApiError(422, "invalid_order", f"{field} must be a text of 1 to {longest} characters.")
    return value.strip()


def lines(body: dict[str, Any]) -> list[tuple[str, int]]:
    """SKUs and quantities."""
    sent = body.get("lines")
    if not isinstance(sent, list) or not 1 <= len(sent) <= MOST_LINES:
        raise ApiError(422, "invalid_order", f"lines must be a list of 1 to {MOST_LINES} lines.")
    read = []
    for line in sent:
        sku, quantity = (line.get("sku"), line.get("quantity")) if isinstance(line, dict) else (None, None)
        if not isinstance(sku, str) or type(quantity) is not int or not 1 <= quantity <= MOST_OF_ONE:
            raise ApiError(422, "invalid_order", f"A line has a sku and a quantity from 1 to {MOST_OF_ONE}.")
        read.append((sku, quantity))
    return read
