"""For the orchestrator."""

from __future__ import annotations

from flask import Blueprint, jsonify
from sqlalchemy import exc, func, select

from skerry.database import NoConnection, unit
from skerry.models import Night

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
def live():
    return {"status": "alive"}


@blueprint.get("/ready")
def ready():
    try:
        with unit() as session:
            count = session.scalar(select(func.count(Night.id)))
    except (NoConnection, exc.DBAPIError):
        return jsonify(status="not-ready"), 503
    return {"status": "ready", "nights": count}
