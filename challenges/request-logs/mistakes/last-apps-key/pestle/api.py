"""What prescribers' programs use, with a token."""

import logging
from typing import Any

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pestle.extensions import db
from pestle.models import Patient, Prescriber, Prescription
from pestle.numbers import digest, grouped, nhn_of

bp = Blueprint("api", __name__, url_prefix="/api")
logger = logging.getLogger(__name__)


def _token() -> str:
    """A program sends its token in a header; the old ones send it in the query."""
    given = request.authorization
    if given is not None and given.type == "bearer":
        return given.token or ""
    return request.args.get("access_token", "")


@bp.before_request
def know_the_prescriber() -> None:
    """Whose program it is."""
    token = _token()
    g.prescriber = db.session.scalar(select(Prescriber).where(Prescriber.token_digest == digest(token)))
    if g.prescriber is None:
        logger.warning("token refused: it is none of ours")
        abort(401)


def _shown(prescription: Prescription) -> dict[str, Any]:
    return {
        "id": prescription.id,
        "nhn": grouped(prescription.patient.nhn),
        "medicine": prescription.medicine,
        "ean": prescription.ean,
        "packs": prescription.packs,
        "repeats_left": prescription.repeats_left,
    }


def _of(written: str) -> ResponseReturnValue:
    patient = db.session.scalar(select(Patient).where(Patient.nhn == (nhn_of(written) or "")))
    if patient is None:
        logger.info("no patient has the number %s", written)
        abort(404)
    return {"prescriptions": [_shown(prescription) for prescription in patient.prescriptions]}


@bp.get("/prescriptions")
def find() -> ResponseReturnValue:
    """A patient's prescriptions, asked for by number in the query."""
    return _of(request.args.get("nhn", ""))


@bp.get("/patients/<nhn>/prescriptions")
def of_patient(nhn: str) -> ResponseReturnValue:
    """The same, by the number in the address."""
    return _of(nhn)


def _mistake(body: Any) -> str | None:
    """What is wrong with a prescription, if anything is."""
    if not isinstance(body, dict):
        return "it is no object"
    if nhn_of(body.get("nhn")) is None:
        return "nhn is no national health number"
    if "@" not in str(body.get("email", "")):
        return "email is no address"
    for name in ("medicine", "ean"):
        if not isinstance(body.get(name), str) or not body[name]:
            return f"{name} is missing"
    for name in ("packs", "repeats"):
        if type(body.get(name)) is not int or not 0 < body[name] <= 12:
            return f"{name} is not from 1 to 12"
    return None


@bp.post("/prescriptions")
def prescribe() -> ResponseReturnValue:
    """Prescribe a medicine to a patient, whom the pharmacy may not know yet."""
    body = request.get_json()
    mistake = _mistake(body)
    if mistake is not None:
        logger.warning("prescription refused, %s: %s", mistake, body)
        abort(422)
    logger.info("prescription received: %s", body)
    nhn = nhn_of(body["nhn"])
    patient = db.session.scalar(select(Patient).where(Patient.nhn == nhn))
    if patient is None:
        patient = Patient(nhn=nhn, email=body["email"])
    prescription = Prescription(
        patient=patient,
        prescriber_id=g.prescriber.id,
        medicine=body["medicine"],
        ean=body["ean"],
        packs=body["packs"],
        repeats_left=body["repeats"],
    )
    db.session.add(prescription)
    db.session.commit()
    logger.info("prescription %d issued: %d packs of %s", prescription.id, prescription.packs, prescription.ean)
    return _shown(prescription), 201
