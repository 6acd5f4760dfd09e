"""For the orchestrator."""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy import exc, func, select

from skerry.database import NoConnection, unit
from skerry.models import Night

blueprint = Blueprint("health", __name__, url_prefix="/health")

KEPT_S = 30

checked: dict[str, Any] = {}


@blueprint.get("/live")
def live():
    return {"status": "alive"}


@blueprint.get("/ready")
def ready():
    if checked and time.monotonic() - checked["at"] < KEPT_S:
        return {"status": "ready", "nights": checked["nights"]}
    try:
        with unit() as session:
            count = session.scalar(select(func.count(Night.id)))
    except (NoConnection, exc.DBAPIError):
        return jsonify(status="not-ready"), 503
    checked.update(at=time.monotonic(), nights=count)
    return {"status": "ready", "nights": count}
