"""`/sync`: what a tablet has kept while it was out of reach, each reading with an outcome of its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from milkround import payloads
from milkround.database import db
from milkround.entries import check_quota, enter
from milkround.errors import ApiError
from milkround.models import Pickup

bp = Blueprint("sync", __name__)


@bp.post("/sync")
def take_readings() -> ResponseReturnValue:
    """Tablets send until they are told an outcome, so the same reading may come twice."""
    driver, items = payloads.kept_readings(payloads.json_object())
    # Who has read in a savepoint and then writes is told "database is locked" at once when another process is writing.
    # Who begins as a writer waits, and nobody changes anything meanwhile.
    db.session.execute(text("BEGIN IMMEDIATE"))
    results = [take(item, driver) for item in items]
    db.session.commit()
    return {"results": results}


def take(item: Any, driver: str) -> dict[str, Any]:
    """Store or change one pickup, in a savepoint that a refusal goes back to; gives its outcome."""
    docket = item.get("docket") if isinstance(item, dict) else None
    try:
        with db.session.begin_nested():
            outcome = _taken(*payloads.kept_reading(item), driver)
    except ApiError as error:
        outcome = {"outcome": "refused", "code": error.code}
    except IntegrityError:
        outcome = {"outcome": "refused", "code": "conflict"}
    return {"docket": docket, **outcome}


def _taken(reading: payloads.Reading, seen: int, driver: str) -> dict[str, Any]:
    pickup = db.session.get(Pickup, reading.docket)
    if pickup is None:
        return {"outcome": "stored", "revision": enter(reading, driver).revision}
    if pickup.revision != seen:
        return {"outcome": "outdated", "revision": pickup.revision}
    pickup.litres, pickup.temperature = reading.litres, reading.temperature
    flag_modified(pickup, "litres")  # the same value again is a change, too
    check_quota(pickup.farm, pickup.day)
    return {"outcome": "changed", "revision": pickup.revision}
