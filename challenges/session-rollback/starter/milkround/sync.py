"""`/sync`: what a tablet has kept while it was out of reach, each reading with an outcome of its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from milkround import payloads
from milkround.database import db
from milkround.entries import check_quota, farm_of
from milkround.errors import ApiError
from milkround.models import Pickup

bp = Blueprint("sync", __name__)


@bp.post("/sync")
def take_readings() -> ResponseReturnValue:
    """Tablets send until they are told an outcome, so the same reading may come twice."""
    driver, items = payloads.kept_readings(payloads.json_object())
    results = [take(item, driver) for item in items]
    db.session.commit()
    return {"results": results}


def take(item: Any, driver: str) -> dict[str, Any]:
    """Store or change one pickup; gives its outcome."""
    docket = item.get("docket") if isinstance(item, dict) else None
    try:
        reading, seen = payloads.kept_reading(item)
        farm = farm_of(reading)
        known = db.session.get(Pickup, reading.docket)
        pickup = db.session.merge(
            Pickup(
                docket=reading.docket,
                farm=farm,
                day=reading.day,
                run=reading.run,
                litres=reading.litres,
                temperature=reading.temperature,
                driver=driver,
                note=None,
                revision=seen + 1,
            )
        )
        check_quota(farm, reading.day)
    except IntegrityError:
        return {"docket": docket, "outcome": "refused", "code": "conflict"}
    except ApiError as error:
        return {"docket": docket, "outcome": "refused", "code": error.code}
    return {"docket": docket, "outcome": "changed" if known else "stored", "revision": pickup.revision}
