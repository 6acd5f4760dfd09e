"""`/calls`: the board itself."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from harbourboard import payloads
from harbourboard.extensions import db
from harbourboard.formats import wanted
from harbourboard.models import Berth, Call
from harbourboard.writers import CALL_COLUMNS, call_shape, to_calendar, to_csv

bp = Blueprint("calls", __name__, url_prefix="/calls")


def unless_unchanged(response: Response, version: str) -> Response:
    """Let clients that have this version keep it."""
    response.set_etag(version)
    return response.make_conditional(request)


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
    count, changes = db.session.execute(select(func.count(Call.id), func.sum(Call.revision))).one()
    shapes = [call_shape(call) for call in calls]
    format = wanted("html", "json", "csv")
    if format == "json":
        response = jsonify(calls=shapes)
    elif format == "csv":
        response = Response(to_csv(CALL_COLUMNS, shapes), mimetype="text/csv")
        response.headers["Content-Disposition"] = "attachment; filename=calls.csv"
    else:
        berths = db.session.scalars(select(Berth).order_by(Berth.name)).all()
        harbour = current_app.config["HARBOUR_NAME"]
        response = make_response(render_template("calls.html", calls=shapes, berths=berths, harbour=harbour))
    return unless_unchanged(response, f"{format}-{count}-{changes}")


@bp.post("")
def create_call() -> ResponseReturnValue:
    """A new call: of a program, which gets it back as JSON, or by the form on the board, which leads to its page."""
    call = payloads.new_call(payloads.one_call())
    store(call)
    address = url_for("calls.show_call", ref=call.ref)
    if request.is_json:
        return call_shape(call), 201, {"Location": address}
    return redirect(address, 303)


@bp.post("/import")
def import_calls() -> ResponseReturnValue:
    """All calls of an agent's list, or none."""
    calls = [payloads.new_call(fields) for fields in payloads.many_calls()]
    store(*calls)
    return {"entered": len(calls)}


@bp.get("/<ref>")
def show_call(ref: str) -> ResponseReturnValue:
    call = find(ref)
    format = wanted("html", "json", "ics")
    if format == "json":
        response = jsonify(call_shape(call))
    elif format == "ics":
        response = Response(to_calendar(call), mimetype="text/calendar")
        response.headers["Content-Disposition"] = f"attachment; filename={call.ref}.ics"
    else:
        harbour = current_app.config["HARBOUR_NAME"]
        response = make_response(render_template("call.html", call=call_shape(call), harbour=harbour))
    return unless_unchanged(response, f"{format}-{call.ref}-{call.revision}")


@bp.patch("/<ref>")
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
