"""For the orchestrator: `live` is about this process, `ready` about whether it can answer."""

from __future__ import annotations

import logging

from flask import Blueprint, current_app, jsonify
from sqlalchemy import NullPool, create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from skerry.models import Night

blueprint = Blueprint("health", __name__, url_prefix="/health")

log = logging.getLogger(__name__)


def apart():
    """An engine for the checks, so that they take nothing from anybody."""
    return create_engine(current_app.config["DATABASE_URL"], poolclass=NullPool)


@blueprint.get("/live")
def live():
    return jsonify(status="alive")


@blueprint.get("/ready")
def ready():
    try:
        with apart().connect() as connection:
            nights = connection.scalar(select(func.count()).select_from(Night))
    except SQLAlchemyError as error:
        log.warning("not ready: %s", error)
        return jsonify(status="not-ready"), 503
    return jsonify(status="ready", nights=nights)
