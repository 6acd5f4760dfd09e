"""A resident's permits."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from kerbside.extensions import db
from kerbside.models import Permit, Zone
from kerbside.residents import residents_only

blueprint = Blueprint("permits", __name__)


@blueprint.get("/permits")
@residents_only
def overview() -> ResponseReturnValue:
    zones = db.session.scalars(select(Zone).order_by(Zone.letter)).all()
    return render_template("permits.html", zones=zones)


@blueprint.post("/permits")
@residents_only
def apply() -> ResponseReturnValue:
    zone = db.session.scalar(select(Zone).where(Zone.letter == request.form.get("zone", "")))
    vehicle = next((each for each in g.resident.vehicles if str(each.id) == request.form.get("vehicle")), None)
    if zone is None or vehicle is None:
        abort(400, "Choose a zone and one of your vehicles.")
    db.session.add(Permit(resident_id=g.resident.id, zone=zone, vehicle=vehicle))
    db.session.commit()
    flash(f"{vehicle.plate} may park in zone {zone.letter}.")
    return redirect(url_for("permits.overview"))


@blueprint.route("/permits/<int:number>/cancel", methods=["POST"])
@residents_only
def cancel(number: int) -> ResponseReturnValue:
    permit = own_permit(number)
    permit.state = "cancelled"
    db.session.commit()
    flash(f"The permit for zone {permit.zone.letter} is cancelled.")
    return redirect(url_for("permits.overview"))


@blueprint.route("/reminders/<any(on, off):choice>", methods=["POST"])
@residents_only
def remind(choice: str) -> ResponseReturnValue:
    g.resident.reminders = choice == "on"
    db.session.commit()
    flash(f"Reminders are {choice}.")
    return redirect(url_for("permits.overview"))


def own_permit(number: int) -> Permit:
    """A permit of the resident who asks."""
    permit = db.session.get(Permit, number)
    if permit is None or permit.resident_id != g.resident.id:
        abort(404, "There is no such permit.")
    return permit
