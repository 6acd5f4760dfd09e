"""`/terminals`: where trains can be loaded."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from freightpaths.extensions import db
from freightpaths.models import Terminal
from freightpaths.reading import Query

bp = Blueprint("terminals", __name__)


@bp.get("/terminals")
def list_terminals() -> ResponseReturnValue:
    Query().check()
    terminals = db.session.scalars(select(Terminal).order_by(Terminal.code))
    return {"terminals": [{"code": terminal.code, "name": terminal.name} for terminal in terminals]}
