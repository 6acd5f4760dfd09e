"""`/join`: the form by which a guest becomes a member."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.security import generate_password_hash

from longtable.checks import read
from longtable.choices import DIETS, open_evenings
from longtable.days import today
from longtable.extensions import db
from longtable.models import Member
from longtable.reservations import reservations

bp = Blueprint("join", __name__)

COLUMNS = ("handle", "name", "email", "born", "evening", "guests", "diet", "notes")
FIELDS = (*COLUMNS, "pin", "pin_again", "rules")


@bp.get("/join")
def form() -> ResponseReturnValue:
    return _page(MultiDict({"guests": "0"}), {})


@bp.post("/join")
def submit() -> ResponseReturnValue:
    with reservations.holding(request.form.get("handle", ""), request.form.get("email", "")):
        values, faults = read(request.form, FIELDS)
        if faults:
            return _page(request.form, faults), 422
        member = Member(**{name: values[name] for name in COLUMNS})
        member.pin_hash = generate_password_hash(values["pin"], current_app.config["PIN_HASH"])
        member.joined_on = today()
        db.session.add(member)
        db.session.commit()
    return redirect(url_for("members.card", handle=member.handle), 303)


def _page(sent: MultiDict[str, str], faults: Mapping[str, str]) -> str:
    return render_template("join.html", evenings=open_evenings(), diets=DIETS, sent=sent, faults=faults)
