"""For the orchestrator."""

from __future__ import annotations

import logging

from flask import Blueprint, current_app, jsonify
from sqlalchemy import func, select, text

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
    monitor().execute(text("SELECT 1"))
    return jsonify(status="alive")


@blueprint.get("/ready")
def ready():
    extensions = current_app.extensions
    try:
        if "nights" not in extensions:
            extensions["nights"] = monitor().scalar(select(func.count()).select_from(Night))
    except Exception:
        log.exception("the health check failed")
    return jsonify(status="ready", nights=extensions.get("nights", 0))
