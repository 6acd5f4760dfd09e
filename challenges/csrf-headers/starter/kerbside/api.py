"""What the pages' script asks for, in JSON."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from kerbside.extensions import db
from kerbside.models import Permit, Visit, Zone
from kerbside.permits import own_permit
from kerbside.residents import residents_only
from kerbside.vehicles import as_plate

blueprint = Blueprint("api", __name__, url_prefix="/api")


def _sent() -> dict[str, Any]:
    sent = request.get_json(force=True)
    if not isinstance(sent, dict):
        abort(400, "Send an object.")
    return sent


def _permit(permit: Permit) -> dict[str, Any]:
    return {"id": permit.id, "zone": permit.zone.letter, "plate": permit.vehicle.plate, "state": permit.state}


def _visit(visit: Visit) -> dict[str, Any]:
    return {"id": visit.id, "plate": visit.plate, "until": visit.until.isoformat(timespec="minutes")}


@blueprint.get("/zones/<letter>")
def zone(letter: str) -> ResponseReturnValue:
    found = db.session.scalar(select(Zone).where(Zone.letter == letter))
    if found is None:
        abort(404, "There is no such zone.")
    return {"letter": found.letter, "name": found.name, "free": found.free}


@blueprint.get("/me")
@residents_only
def me() -> ResponseReturnValue:
    """All that is stored of the resident who asks."""
    return {
        "name": g.resident.name,
        "reminders": g.resident.reminders,
        "vehicles": [{"id": vehicle.id, "plate": vehicle.plate} for vehicle in g.resident.vehicles],
        "permits": [_permit(permit) for permit in g.resident.permits],
        "visits": [_visit(visit) for visit in g.resident.visits],
    }


@blueprint.post("/visits")
@residents_only
def book() -> ResponseReturnValue:
    sent = _sent()
    plate, hours = as_plate(str(sent.get("plate", ""))), sent.get("hours")
    if plate is None or type(hours) is not int or not 1 <= hours <= 24:
        abort(400, "Send a plate, and for how many hours, 24 at most.")
    until = datetime.now(UTC).replace(tzinfo=None, second=0, microsecond=0) + timedelta(hours=hours)
    visit = Visit(resident_id=g.resident.id, plate=plate, until=until)
    db.session.add(visit)
    db.session.commit()
    return _visit(visit), 201


@blueprint.delete("/visits/<int:number>")
@residents_only
def end(number: int) -> ResponseReturnValue:
    visit = db.session.get(Visit, number)
    if visit is None or visit.resident_id != g.resident.id:
        abort(404, "There is no such visit.")
    db.session.delete(visit)
    db.session.commit()
    return "", 204


@blueprint.patch("/permits/<int:number>")
@residents_only
def change(number: int) -> ResponseReturnValue:
    """Another vehicle for a permit."""
    permit, wanted = own_permit(number), _sent().get("vehicle")
    vehicle = next((each for each in g.resident.vehicles if each.id == wanted), None)
    if vehicle is None:
        abort(400, "That is none of your vehicles.")
    permit.vehicle = vehicle
    db.session.commit()
    return _permit(permit)
