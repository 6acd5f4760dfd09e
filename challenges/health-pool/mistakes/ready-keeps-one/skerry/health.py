"""For the orchestrator: `live` is about this process, `ready` about whether it can answer."""

from __future__ import annotations

import logging

from flask import Blueprint, current_app, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from skerry.database import engine
from skerry.models import Night

blueprint = Blueprint("health", __name__, url_prefix="/health")

log = logging.getLogger(__name__)


def monitor():
    """A connection for the checks, opened once: they are asked every few seconds."""
    if "monitor" not in current_app.extensions:
        current_app.extensions["monitor"] = engine().connect()
    return current_app.extensions["monitor"]


@blueprint.get("/live")
def live():
    return jsonify(status="alive")


@blueprint.get("/ready")
def ready():
    try:
        nights = monitor().scalar(select(func.count()).select_from(Night))
        monitor().rollback()
    except SQLAlchemyError as error:
        current_app.extensions.pop("monitor", None)
        log.warning("not ready: %s", error)
        return jsonify(status="not-ready"), 503
    return jsonify(status="ready", nights=nights)
