"""The JSON API, under `/api`."""

from flask import Blueprint, abort, g, request
from sqlalchemy import select

from vetdesk.api import animals, appointments, desk, lab
from vetdesk.extensions import db
from vetdesk.models import Desk

bp = Blueprint("api", __name__, url_prefix="/api")
bp.register_blueprint(animals.bp)
bp.register_blueprint(appointments.bp)
bp.register_blueprint(desk.bp)
bp.register_blueprint(lab.bp)


@bp.before_request
def know_the_desk() -> None:
    """Which desk a request comes from, if the browser remembers one."""
    g.desk = None
    if "desk" in request.cookies:
        g.desk = db.session.scalar(select(Desk).where(Desk.code == request.cookies["desk"]))
        if g.desk is None:
            abort(400, "The desk that you remember is not there any more.")
