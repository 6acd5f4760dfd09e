"""A resident's vehicles, and those of their visitors."""

import re

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.views import MethodView

from kerbside.extensions import db
from kerbside.models import Vehicle
from kerbside.residents import residents_only

blueprint = Blueprint("vehicles", __name__)

PLATE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z]{3}")


def as_plate(text: str) -> str | None:
    """As it stands on the vehicle, or None."""
    plate = text.replace(" ", "").upper()
    return plate if PLATE.fullmatch(plate) else None


class AnotherVehicle(MethodView):
    decorators = (residents_only,)

    def get(self) -> ResponseReturnValue:
        return self.form()

    def post(self) -> ResponseReturnValue:
        typed = request.form.get("plate", "")
        plate = as_plate(typed)
        if plate is None:
            return self.form(typed, "A plate is like AB12 CDE."), 422
        g.resident.vehicles.append(Vehicle(plate=plate))
        db.session.commit()
        flash(f"{plate} is one of your vehicles now.")
        return redirect(url_for("permits.overview"))

    def form(self, typed: str = "", problem: str = "") -> str:
        return render_template("vehicle.html", typed=typed, problem=problem)


blueprint.add_url_rule("/vehicles/new", view_func=AnotherVehicle.as_view("add"))


@blueprint.get("/visits")
@residents_only
def visits() -> ResponseReturnValue:
    """With `?plate=` those alone whose plate begins so."""
    wanted = request.args.get("plate", "").replace(" ", "").upper()
    found = [visit for visit in g.resident.visits if visit.plate.startswith(wanted)]
    return render_template("visits.html", visits=found, wanted=wanted)
