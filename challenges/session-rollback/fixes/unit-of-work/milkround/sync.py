"""`/sync`: what a tablet has kept while it was out of reach, each reading in a piece of work of its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from milkround import payloads
from milkround.database import db
from milkround.entries import Book, Outdated, conflict
from milkround.errors import ApiError

bp = Blueprint("sync", __name__)


@bp.post("/sync")
def take_readings() -> ResponseReturnValue:
    """Tablets send until they are told an outcome, so the same reading may come twice."""
    driver, items = payloads.kept_readings(payloads.json_object())
    return {"results": [result_of(item, driver) for item in items]}


def result_of(item: Any, driver: str) -> dict[str, Any]:
    """What became of one reading, which is stored by the time that this returns, or never will be."""
    result = {"docket": item.get("docket") if isinstance(item, dict) else None}
    try:
        reading, seen = payloads.kept_reading(item)
        with db.work(taken=conflict()) as session:
            book = Book(session)
            if book.find(reading.docket) is None:
                book.enter(reading, driver)
                told = {"outcome": "stored", "revision": 1}
            else:
                corrected = {"litres": reading.litres, "temperature": reading.temperature}
                told = {"outcome": "changed", "revision": book.amend(reading.docket, seen, corrected)}
    except Outdated as newer:
        told = {"outcome": "outdated", "revision": newer.stored}
    except ApiError as refused:
        told = {"outcome": "refused", "code": refused.code}
    return result | told
