"""Reading and checking what clients send. What can't be accepted is aborted with 400."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, request
from sqlalchemy import select
from werkzeug.exceptions import UnsupportedMediaType

from harbourboard.extensions import db
from harbourboard.models import Berth, Call
from harbourboard.writers import CALL_COLUMNS

JSON, FORM, CSV = "application/json", "application/x-www-form-urlencoded", "text/csv"
MERGE_PATCH = "application/merge-patch+json"
REF = re.compile(r"SK-\d{4,8}")
FLAG = re.compile(r"[A-Z]{2}")


class OtherType(UnsupportedMediaType):
    """415, with a header that says what can be read."""

    def __init__(self, takes: tuple[str, ...]) -> None:
        super().__init__(f"This address takes {' or '.join(takes)}.")
        self._takes = takes

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        return [*super().get_headers(*args, **kwargs), ("Accept", ", ".join(self._takes))]


def sent_as(*takes: str) -> str:
    """The type of the body, one of those that are taken. Aborts with 415 for any other."""
    if request.mimetype not in takes:
        raise OtherType(takes)
    return request.mimetype


def one_call() -> Mapping[str, Any]:
    """The fields of a call, from a program or from the form on the board."""
    if sent_as(JSON, FORM) == FORM:
        return request.form
    fields: Mapping[str, Any] = request.get_json()
    return fields


def many_calls() -> list[Mapping[str, Any]]:
    """The calls of an agent's list, as a table or as JSON."""
    if sent_as(CSV, JSON) == CSV:
        rows = csv.DictReader(io.StringIO(request.get_data(as_text=True)))
        if tuple(rows.fieldnames or ()) != CALL_COLUMNS:
            abort(400, f"The columns must be {', '.join(CALL_COLUMNS)}.")
        return list(rows)
    body = request.get_json()
    if not isinstance(body, list):
        abort(400, "Send a list of calls.")
    return body


def changes() -> Mapping[str, Any]:
    """What is changed of a call."""
    sent_as(JSON, MERGE_PATCH)
    body = request.get_json()
    if not isinstance(body, dict) or not body:
        abort(400, "Send the fields to change.")
    return body


def checked(fields: Any, names: tuple[str, ...] = CALL_COLUMNS) -> dict[str, Any]:
    """The attributes of a call for these fields, none of which may be missing."""
    if not isinstance(fields, Mapping):
        abort(400, "A call must be an object.")
    return dict(_attribute(name, fields.get(name)) for name in names)


def _attribute(name: str, value: Any) -> tuple[str, Any]:
    if not isinstance(value, str) or not value.strip() or len(value) > 60:
        abort(400, f"{name} must be a text of 1 to 60 characters.")
    value = value.strip()
    if name == "ref" and not REF.fullmatch(value):
        abort(400, "ref must be SK- and four to eight digits.")
    if name == "flag" and not FLAG.fullmatch(value):
        abort(400, "flag must be two capital letters.")
    if name == "berth":
        berth = db.session.scalar(select(Berth).where(Berth.name == value))
        if berth is None:
            abort(400, f"There is no berth {value!r}.")
        return name, berth
    if name == "eta":
        try:
            return name, datetime.strptime(value, "%Y-%m-%dT%H:%M")
        except ValueError:
            abort(400, "eta must be a moment like 2026-03-31T06:30.")
    return name, value


def new_call(fields: Any) -> Call:
    """A call, not yet stored."""
    return Call(**checked(fields))
