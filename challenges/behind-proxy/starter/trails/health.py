"""For the machine that the app runs on, which asks every few seconds whether it is there."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy import func, select

from trails.extensions import db
from trails.models import Trail

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def show() -> dict[str, int]:
    return {"trails": db.session.scalars(select(func.count()).select_from(Trail)).one()}
