"""Reading and checking what clients send."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from flask import request
from sqlalchemy import select

from weavers.errors import Refusal
from weavers.extensions import Base, db
from weavers.models import Case, Item, Keyword, Lender

Row = TypeVar("Row", bound=Base)


def invalid(detail: str) -> Refusal:
    return Refusal(400, "invalid", detail)


def json_object() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise invalid("Send a JSON object.")
    return body


def text(body: dict[str, Any], field: str, longest: int) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= longest:
        raise invalid(f"{field} must be a text of 1 to {longest} characters.")
    return value.strip()


def day(body: dict[str, Any], field: str) -> date:
    try:
        return date.fromisoformat(body.get(field, ""))
    except (TypeError, ValueError):
        raise invalid(f"{field} must be a date like 2027-03-31.") from None


def _row(body: dict[str, Any], field: str, model: type[Row]) -> Row | None:
    number = body[field]
    if number is None:
        return None
    row = db.session.get(model, number) if type(number) is int else None
    if row is None:
        raise invalid(f"{field} must be null or the id of one.")
    return row


def _keywords(words: Any) -> list[Keyword]:
    """The keywords of these words; new words become new keywords."""
    if not isinstance(words, list) or not all(isinstance(word, str) and 1 <= len(word) <= 40 for word in words):
        raise invalid("keywords must be a list of words.")
    known = {keyword.word: keyword for keyword in db.session.scalars(select(Keyword).where(Keyword.word.in_(words)))}
    return [known.get(word) or Keyword(word=word) for word in dict.fromkeys(words)]


def item_changes(body: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an object that a body gives."""
    changes: dict[str, Any] = {}
    for field, longest in (("number", 20), ("title", 120)):
        if field in body:
            changes[field] = text(body, field, longest)
    if "lender" in body:
        changes["lender"] = _row(body, "lender", Lender)
    if "case" in body:
        changes["case"] = _row(body, "case", Case)
    if "keywords" in body:
        changes["keywords"] = _keywords(body["keywords"])
    return changes


def places(body: dict[str, Any]) -> list[tuple[Item, str]]:
    """Which objects an exhibition shows, in order, each with the text on its label."""
    labels = body.get("labels")
    if not isinstance(labels, list) or not all(isinstance(label, dict) for label in labels):
        raise invalid("labels must be a list of objects with item and text.")
    found = [(_row(label | {"item": label.get("item")}, "item", Item), text(label, "text", 500)) for label in labels]
    shown = [(item, words) for item, words in found if item is not None]
    if len({item.id for item, _ in shown}) != len(labels):
        raise invalid("Each label needs an object of its own.")
    return shown
