"""Reading what clients send. What can't be accepted raises ApiError."""

from __future__ import annotations

from typing import Any

from flask import request

from millrace.errors import ApiError

REFERENCE_CHARS = 80
MOST_PAYERS = 50


def json_object() -> dict[str, Any]:
    """The request's body, which must be a JSON object."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_json", "Send a JSON object.")
    return body


def reference(body: dict[str, Any]) -> str:
    """What the payee shall read. May be left out."""
    text = body.get("reference", "")
    if not isinstance(text, str) or len(text) > REFERENCE_CHARS:
        raise ApiError(422, "invalid_reference", f"reference must be a text of at most {REFERENCE_CHARS} characters.")
    return text.strip()


def payers(body: dict[str, Any]) -> list[str]:
    """The numbers of the accounts that a collection takes from."""
    numbers = body.get("from")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= MOST_PAYERS:
        raise ApiError(422, "invalid_collection", f"from must be a list of 1 to {MOST_PAYERS} account numbers.")
    if len({str(number) for number in numbers}) < len(numbers):
        raise ApiError(422, "invalid_collection", "An account may stand in the list only once.")
    return numbers
