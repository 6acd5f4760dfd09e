"""For the orchestrator: `live` is about this process, `ready` about whether it can answer."""

from __future__ import annotations

import logging

from flask import Blueprint, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from skerry.database import session
from skerry.models import Night

blueprint = Blueprint("health", __name__, url_prefix="/health")

log = logging.getLogger(__name__)


@blueprint.get("/live")
def live():
    return jsonify(status="alive")


@blueprint.get("/ready")
def ready():
    try:
        nights = session().scalar(select(func.count()).select_from(Night))
    except SQLAlchemyError as error:
        log.warning("not ready: %s", error)
        return jsonify(status="not-ready"), 503
    return jsonify(status="ready", nights=nights)
