"""Reading and checking what clients send. What cannot be accepted raises ApiError 400."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import request

from directory.errors import ApiError
from directory.extensions import db
from directory.lookups import find_office, find_team
from directory.models import User

USERNAME = re.compile(r"[a-z][a-z0-9.-]{1,39}")
PROFILE_TEXTS = {"title": 120, "phone": 40, "pronouns": 40, "bio": 1000}
PROFILE_FIELDS = (*PROFILE_TEXTS, "started_on", "office")


def json_object() -> dict[str, Any]:
    """The request's body, which must be a JSON object."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "invalid_json", "Send a JSON object.")
    return body


def new_user(body: dict[str, Any]) -> User:
    """A user made of a body, not yet stored."""
    texts = {}
    for field, longest in (("username", 40), ("name", 120), ("email", 120)):
        value = body.get(field)
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            raise ApiError(400, "invalid_user", f"{field} must be a text of 1 to {longest} characters.")
        texts[field] = value.strip()
    if not USERNAME.fullmatch(texts["username"]):
        raise ApiError(400, "invalid_user", "username must be lower case letters, digits, dots and hyphens.")
    if "@" not in texts["email"]:
        raise ApiError(400, "invalid_user", "email must be an e-mail address.")

    slug = body.get("team")
    team = find_team(slug) if isinstance(slug, str) else None
    if team is None:
        raise ApiError(400, "invalid_user", "team must be the slug of a team.")

    manager = None
    if body.get("manager_id") is not None:
        number = body["manager_id"]
        manager = db.session.get(User, number) if type(number) is int else None
        if manager is None:
            raise ApiError(400, "invalid_user", "manager_id must be the id of a user.")
    return User(**texts, team=team, manager=manager)


def profile_changes(body: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a profile that a body changes, and their new values. `null` empties a field."""
    if not body:
        raise ApiError(400, "invalid_profile", "Send at least one field to change.")
    return {field: _profile_value(field, value) for field, value in body.items()}


def _profile_value(field: str, value: Any) -> Any:
    if field not in PROFILE_FIELDS:
        raise ApiError(400, "invalid_profile", f"{field} is not a field of a profile.")
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ApiError(400, "invalid_profile", f"{field} must be a text or null.")
    value = value.strip()
    if field == "started_on":
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ApiError(400, "invalid_profile", "started_on must be a date like 2026-03-31.") from None
    if field == "office":
        office = find_office(value)
        if office is None:
            raise ApiError(400, "invalid_profile", "office must be the code of an office.")
        return office
    longest = PROFILE_TEXTS[field]
    if len(value) > longest:
        raise ApiError(400, "invalid_profile", f"{field} must have at most {longest} characters.")
    return value
