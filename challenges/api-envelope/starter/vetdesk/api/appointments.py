"""Appointments."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from vetdesk.envelope import enveloped
from vetdesk.extensions import db
from vetdesk.models import Animal, Appointment, Vet
from vetdesk.problems import Invalid, SlotTaken
from vetdesk.serializers import appointment_json, time_json

bp = Blueprint("appointments", __name__, url_prefix="/appointments")

HALF_AN_HOUR = timedelta(minutes=30)


@bp.get("")
@enveloped
def list_appointments() -> Any:
    """Appointments by time, of one day and one vet if asked."""
    query = select(Appointment).order_by(Appointment.starts_at, Appointment.id)
    if "day" in request.args:
        try:
            day = datetime.combine(date.fromisoformat(request.args["day"]), datetime.min.time())
        except ValueError:
            abort(400, "day must be a day like 2026-11-02.")
        query = query.where(Appointment.starts_at >= day, Appointment.starts_at < day + timedelta(days=1))
    if "vet" in request.args:
        query = query.where(Appointment.vet.has(code=request.args["vet"]))
    return [appointment_json(appointment) for appointment in db.session.scalars(query)]


@bp.post("")
@enveloped
def book() -> Any:
    """Book half an hour of a vet's time."""
    appointment = _appointment(request.get_json())
    if _taken(appointment.vet, appointment.starts_at):
        free = appointment.starts_at + HALF_AN_HOUR
        while _taken(appointment.vet, free):
            free += HALF_AN_HOUR
        message = f"{appointment.vet.name} has another appointment at {time_json(appointment.starts_at)}."
        raise SlotTaken(message, {"free_from": time_json(free)})
    db.session.add(appointment)
    db.session.commit()
    location = url_for("api.appointments.show", appointment_id=appointment.id)
    return appointment_json(appointment), 201, {"Location": location}


@bp.get("/<int:appointment_id>")
@enveloped
def show(appointment_id: int) -> Any:
    """One appointment."""
    return appointment_json(_appointment_or_404(appointment_id))


@bp.delete("/<int:appointment_id>")
@enveloped
def cancel(appointment_id: int) -> Any:
    """Take an appointment back. Needs the desk's PIN."""
    given = request.authorization
    if given is None or given.type != "basic" or given.password != current_app.config["DESK_PIN"]:
        realm = {"realm": f"{current_app.config['CLINIC_NAME']} desk"}
        raise Unauthorized("This needs the desk's PIN.", www_authenticate=WWWAuthenticate("basic", realm))
    db.session.delete(_appointment_or_404(appointment_id))
    db.session.commit()
    return "", 204


@bp.get("/<int:appointment_id>/calendar")
@enveloped
def calendar(appointment_id: int) -> Any:
    """An appointment as a file for calendars (RFC 5545)."""
    appointment = _appointment_or_404(appointment_id)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Vetdesk//EN",
        "BEGIN:VEVENT",
        f"UID:{appointment.id}@vetdesk",
        f"DTSTART:{appointment.starts_at:%Y%m%dT%H%M%S}",
        "DURATION:PT30M",
        f"SUMMARY:{appointment.animal.name} at {current_app.config['CLINIC_NAME']}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    response = Response("".join(f"{line}\r\n" for line in lines), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"attachment; filename=appointment-{appointment.id}.ics"
    return response


def _appointment_or_404(appointment_id: int) -> Appointment:
    return db.session.get(Appointment, appointment_id) or abort(404, f"There is no appointment {appointment_id}.")


def _appointment(body: Any) -> Appointment:
    """An appointment made of a body, not yet stored. Raises Invalid."""
    if not isinstance(body, dict):
        raise Invalid({"body": "must be an object"})
    wrong = {}
    animal = db.session.get(Animal, body["animal"]) if type(body.get("animal")) is int else None
    if animal is None:
        wrong["animal"] = "must be the id of an animal"
    vet = db.session.scalar(select(Vet).where(Vet.code == body["vet"])) if isinstance(body.get("vet"), str) else None
    if vet is None:
        wrong["vet"] = "must be the code of a vet"
    starts_at = _time(body.get("starts_at"))
    if starts_at is None:
        wrong["starts_at"] = "must be a full or half hour like 2026-11-02T09:00"
    reason = body.get("reason")
    if not isinstance(reason, str) or not 0 < len(reason) <= 120:
        wrong["reason"] = "must be a text of 1 to 120 characters"
    if wrong:
        raise Invalid(wrong)
    return Appointment(animal=animal, vet=vet, starts_at=starts_at, reason=reason)


def _time(text: Any) -> datetime | None:
    try:
        time = datetime.strptime(text, "%Y-%m-%dT%H:%M")
    except (TypeError, ValueError):
        return None
    return time if time.minute in (0, 30) else None


def _taken(vet: Vet, time: datetime) -> bool:
    with db.session.no_autoflush:
        query = select(Appointment.id).where(Appointment.vet_id == vet.id, Appointment.starts_at == time)
        return db.session.scalar(query) is not None
