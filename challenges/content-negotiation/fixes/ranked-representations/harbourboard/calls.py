"""`/calls`: the board itself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from harbourboard import payloads
from harbourboard.extensions import db
from harbourboard.models import Berth, Call
from harbourboard.representations import Representations, takes
from harbourboard.writers import CALL_COLUMNS, call_shape, to_calendar, to_csv

bp = Blueprint("calls", __name__, url_prefix="/calls")


def find(ref: str) -> Call:
    call = db.session.scalar(select(Call).where(Call.ref == ref))
    if call is None:
        abort(404, f"There is no call {ref!r}.")
    return call


def store(*calls: Call) -> None:
    db.session.add_all(calls)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        abort(409, "There is a call with this ref already.")


@bp.get("")
def list_calls() -> ResponseReturnValue:
    """All calls by ETA; `?berth=` narrows the list."""
    query = select(Call).order_by(Call.eta, Call.ref)
    if berth := request.args.get("berth"):
        query = query.join(Berth).where(Berth.name == berth)
    calls = db.session.scalars(query).all()
    shapes = [call_shape(call) for call in calls]
    listed = Representations(
        html=lambda: board(shapes),
        json=lambda: current_app.json.dumps({"calls": shapes}),
        csv=lambda: to_csv(CALL_COLUMNS, shapes),
    )
    response = listed.response()
    if response.mimetype == "text/csv":
        response.headers["Content-Disposition"] = "attachment; filename=calls.csv"
    return response


def board(shapes: list[dict[str, Any]]) -> str:
    """The page, which also has a form for a new call."""
    berths = db.session.scalars(select(Berth).order_by(Berth.name)).all()
    return render_template("calls.html", calls=shapes, berths=berths, harbour=current_app.config["HARBOUR_NAME"])


@bp.post("")
@takes("application/json", "application/x-www-form-urlencoded")
def create_call() -> ResponseReturnValue:
    """A new call: of a program, which gets it back as JSON, or by the form on the board, which leads to its page."""
    call = payloads.new_call(payloads.one_call())
    store(call)
    address = url_for("calls.show_call", ref=call.ref)
    if request.is_json:
        return call_shape(call), 201, {"Location": address}
    return redirect(address, 303)


@bp.post("/import")
@takes("text/csv", "application/json")
def import_calls() -> ResponseReturnValue:
    """All calls of an agent's list, or none."""
    calls = [payloads.new_call(fields) for fields in payloads.many_calls()]
    store(*calls)
    return {"entered": len(calls)}


@bp.get("/<ref>")
def show_call(ref: str) -> ResponseReturnValue:
    call = find(ref)
    harbour = current_app.config["HARBOUR_NAME"]
    shown = Representations(
        html=lambda: render_template("call.html", call=call_shape(call), harbour=harbour),
        json=lambda: current_app.json.dumps(call_shape(call)),
        ics=lambda: to_calendar(call),
    )
    response = shown.response()
    if response.mimetype == "text/calendar":
        response.headers["Content-Disposition"] = f"attachment; filename={call.ref}.ics"
    return response


@bp.patch("/<ref>")
@takes("application/json", "application/merge-patch+json")
def change_call(ref: str) -> ResponseReturnValue:
    """Change the fields that are sent, and no others."""
    call = find(ref)
    sent = payloads.changes()
    unknown = [name for name in sent if name not in CALL_COLUMNS or name == "ref"]
    if unknown:
        abort(400, f"{unknown[0]} can't be changed.")
    for name, value in payloads.checked(sent, tuple(sent)).items():
        setattr(call, name, value)
    call.revision += 1
    db.session.commit()
    return call_shape(call)
