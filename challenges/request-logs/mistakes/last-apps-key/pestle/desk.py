"""What the pharmacy's own machines use, in its own network."""

import logging

from flask import Blueprint, abort, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pestle.extensions import db
from pestle.models import Order, Prescription
from pestle.numbers import grouped
from pestle.partners import OutOfStock, WholesalerDown

bp = Blueprint("desk", __name__, url_prefix="/desk")
logger = logging.getLogger(__name__)


@bp.get("/orders/")
def orders() -> ResponseReturnValue:
    """All orders, by number."""
    found = db.session.scalars(select(Order).order_by(Order.number))
    return {"orders": [{"number": each.number, "state": each.state, "note": each.note} for each in found]}


@bp.post("/orders/<number>/fill")
def fill(number: str) -> ResponseReturnValue:
    """Order from the wholesaler what a patient has ordered."""
    order = db.session.scalar(select(Order).where(Order.number == number)) or abort(404)
    if order.state != "placed":
        abort(409)
    wanted = order.prescription
    try:
        order.reference = current_app.config["WHOLESALER"].order(
            wanted.ean,
            wanted.packs,
            patient=grouped(wanted.patient.nhn),
            key=current_app.config["WHOLESALER_KEY"],
        )
    except OutOfStock as error:
        logger.warning("order %s not filled: %s", number, error)
        abort(409)
    except WholesalerDown as error:
        logger.warning("order %s not filled: %s", number, error)
        abort(503)
    order.state = "filled"
    db.session.commit()
    logger.info("order %s filled: %d packs of %s", number, wanted.packs, wanted.ean)
    return {"order": number, "reference": order.reference}


@bp.post("/reminders")
def remind() -> ResponseReturnValue:
    """Send the reminders that are due. One that can't be sent stays due."""
    sent = failed = 0
    due = select(Prescription).where(Prescription.reminder_due).order_by(Prescription.id)
    for prescription in db.session.scalars(due).all():
        text = f"It is time to order {prescription.medicine} again."
        try:
            current_app.config["MAILER"].send(prescription.patient.email, current_app.config["PHARMACY"], text)
        except Exception:
            logger.exception("reminder of prescription %d not sent", prescription.id)
            failed += 1
        else:
            sent += 1
            prescription.reminder_due = False
    db.session.commit()
    logger.info("reminders: %d sent, %d failed", sent, failed)
    return {"sent": sent, "failed": failed}
