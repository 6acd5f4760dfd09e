"""`/join`: the form by which a guest becomes a member."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.security import generate_password_hash

from longtable.checks import read
from longtable.choices import DIETS, open_evenings
from longtable.days import today
from longtable.extensions import db
from longtable.models import Member

bp = Blueprint("join", __name__)

COLUMNS = ("handle", "name", "email", "born", "evening", "guests", "diet", "notes")
FIELDS = (*COLUMNS, "pin", "pin_again", "rules")


@bp.get("/join")
def form() -> ResponseReturnValue:
    return _page(MultiDict({"guests": "0"}), {})


@bp.post("/join")
def submit() -> ResponseReturnValue:
    values, faults = read(request.form, FIELDS)
    if faults:
        return _page(request.form, faults), 422
    member = Member(**{name: values[name] for name in COLUMNS})
    member.pin_hash = generate_password_hash(values["pin"], current_app.config["PIN_HASH"])
    member.joined_on = today()
    db.session.add(member)
    try:
        db.session.commit()
    except IntegrityError:
        # Somebody was quicker. What is taken now was not a moment ago.
        db.session.rollback()
        _, faults = read(request.form, FIELDS)
        if not faults:
            raise
        return _page(request.form, faults), 422
    return redirect(url_for("members.card", handle=member.handle), 303)


def _page(sent: MultiDict[str, str], faults: Mapping[str, str]) -> str:
    return render_template("join.html", evenings=open_evenings(), diets=DIETS, sent=sent, faults=faults)
