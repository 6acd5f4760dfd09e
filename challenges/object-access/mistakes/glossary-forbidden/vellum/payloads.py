"""Reading and checking what is sent. What cannot be accepted raises ApiError 400."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import select

from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import STATES, Glossary, User

_CLIENTS = ("reference", "title", "due_on", "glossary")
_MANAGERS = (*_CLIENTS, "words", "state", "owner")
#: What each role can set when a document is changed, and what when it is uploaded.
CHANGEABLE = {"client": _CLIENTS, "manager": _MANAGERS}
UPLOADED = {role: (*fields, "source", "target", "text") for role, fields in CHANGEABLE.items()}


def bad(message: str) -> ApiError:
    return ApiError(400, "bad_request", message)


def json_object() -> dict[str, Any]:
    """The request's body, which must be a JSON object that holds something."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not body:
        raise bad("Send a JSON object with at least one field.")
    return body


def argument(name: str, default: int, most: int) -> int:
    """A number of the query string, from 1 to `most`."""
    value = request.args.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= most:
        raise bad(f"{name} must be a number from 1 to {most}.")
    return int(value)


def text(field: str, value: Any, longest: int = 20_000) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= longest:
        raise bad(f"{field} must be a text of 1 to {longest} characters.")
    return value.strip()


def flag(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise bad(f"{field} must be true or false.")
    return value


def numbers(field: str, value: Any) -> list[int]:
    if not isinstance(value, list) or not all(type(each) is int and 0 < each < 2**31 for each in value):
        raise bad(f"{field} must be a list of numbers.")
    return value


def person(field: str, value: Any, role: str) -> User:
    """The user with this login and role."""
    user = db.session.scalar(select(User).where(User.login == text(field, value), User.role == role))
    if user is None:
        raise bad(f"There is no {role} {value}.")
    return user


def glossary(field: str, value: Any) -> Glossary | None:
    """The glossary with this number; `null` is none."""
    if value is None:
        return None
    found = db.session.get(Glossary, value) if type(value) is int and 0 < value < 2**31 else None
    if found is None:
        raise bad(f"There is no {field} {value}.")
    return found


def day(field: str, value: Any) -> date | None:
    try:
        return None if value is None else date.fromisoformat(text(field, value, 10))
    except ValueError:
        raise bad(f"{field} must be a date like 2026-03-31, or null.") from None


def document_fields(body: dict[str, Any], known: Collection[str]) -> dict[str, Any]:
    """The attributes of a document that a body sets, and their values."""
    for field in body:
        if field not in known:
            raise bad(f"{field} can't be set.")
    return {field: _value(field, value) for field, value in body.items()}


def _value(field: str, value: Any) -> Any:
    if field == "owner":
        return person(field, value, "client")
    if field == "glossary":
        return glossary(field, value)
    if field == "due_on":
        return day(field, value)
    if field == "words":
        if type(value) is not int or not 0 < value < 2**31:
            raise bad("words must be a number above 0.")
        return value
    if field == "state":
        if value not in STATES:
            raise bad(f"state must be one of {', '.join(STATES)}.")
        return value
    if field in ("source", "target"):
        if not isinstance(value, str) or not re.fullmatch("[a-z]{2}", value):
            raise bad(f"{field} must be a language's two letters.")
        return value
    return text(field, value, {"reference": 40, "title": 120}.get(field, 20_000))
