"""A resident's vehicles, and those of their visitors."""

import re

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kerbside.extensions import db
from kerbside.models import Vehicle
from kerbside.residents import residents_only

blueprint = Blueprint("vehicles", __name__)

PLATE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z]{3}")


def as_plate(text: str) -> str | None:
    """As it stands on the vehicle, or None."""
    plate = text.replace(" ", "").upper()
    return plate if PLATE.fullmatch(plate) else None


@blueprint.get("/vehicles/new")
@residents_only
def form() -> ResponseReturnValue:
    return render_template("vehicle.html", typed="", problem="")


@blueprint.post("/vehicles/new")
@residents_only
def add() -> ResponseReturnValue:
    typed = request.form.get("plate", "")
    plate = as_plate(typed)
    if plate is None:
        return render_template("vehicle.html", typed=typed, problem="A plate is like AB12 CDE."), 422
    db.session.add(Vehicle(resident_id=g.resident.id, plate=plate))
    db.session.commit()
    flash(f"{plate} is one of your vehicles now.")
    return redirect(url_for("permits.overview"))


@blueprint.get("/visits")
@residents_only
def visits() -> ResponseReturnValue:
    """With `?plate=` those alone whose plate begins so."""
    wanted = request.args.get("plate", "").replace(" ", "").upper()
    found = [visit for visit in g.resident.visits if visit.plate.startswith(wanted)]
    return render_template("visits.html", visits=found, wanted=wanted)
