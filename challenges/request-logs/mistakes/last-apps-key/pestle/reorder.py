"""What patients use: a link comes by mail, and opens the page on which they order again."""

import logging
from typing import Any

from flask import Blueprint, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from pestle.extensions import db
from pestle.models import Link, Order, Patient
from pestle.numbers import digest, new_key, new_order_number

bp = Blueprint("reorder", __name__)
logger = logging.getLogger(__name__)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Whether the app is up."""
    return {"ok": True}


def _field(name: str) -> str:
    body: Any = request.get_json()
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else abort(400)


@bp.post("/links")
def send_link() -> ResponseReturnValue:
    """Send a link to whoever has this address. The answer does not tell whether anybody has."""
    email = _field("email")
    patient = db.session.scalar(select(Patient).where(func.lower(Patient.email) == email.lower()))
    if patient is None:
        logger.info("no patient has the address %s", email)
        return {"sent": "if we know the address"}, 202
    key = new_key()
    db.session.add(Link(key_digest=digest(key), patient=patient))
    db.session.commit()
    link = url_for(".may_order", key=key, _external=True)
    text = f"Order again: {link}"
    current_app.config["MAILER"].send(patient.email, current_app.config["PHARMACY"], text)
    logger.info("link sent to patient %d", patient.id)
    return {"sent": "if we know the address"}, 202


def _patient(key: str) -> Patient:
    link = db.session.scalar(select(Link).where(Link.key_digest == digest(key)))
    if link is None:
        logger.warning("nobody has the key that was sent, of %d characters", len(key))
        abort(404)
    return link.patient


@bp.get("/reorder")
def may_order() -> ResponseReturnValue:
    """What the patient may order again."""
    patient = _patient(request.args.get("key", ""))
    return {
        "prescriptions": [
            {"id": prescription.id, "medicine": prescription.medicine, "repeats_left": prescription.repeats_left}
            for prescription in patient.prescriptions
        ]
    }


@bp.post("/reorder")
def order() -> ResponseReturnValue:
    """Order a medicine again, with a note for the pharmacist."""
    patient, note = _patient(_field("key")), _field("note")
    wanted = request.get_json().get("prescription")
    prescription = next((each for each in patient.prescriptions if each.id == wanted), None) or abort(404)
    if prescription.repeats_left < 1:
        logger.info("prescription %d has no repeats left", prescription.id)
        abort(409)
    prescription.repeats_left -= 1
    placed = Order(number=new_order_number(), prescription=prescription, note=note)
    db.session.add(placed)
    db.session.commit()
    logger.info("order %s placed; note: %s", placed.number, note)
    return {"order": placed.number}, 201
