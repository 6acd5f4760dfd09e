"""`/notice`: the line of text above the hall's doors."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from bloomhall import payload

bp = Blueprint("board", __name__)

_notice: str | None = None


@bp.get("/notice")
def show() -> ResponseReturnValue:
    return {"notice": _notice}


@bp.put("/notice")
def put_up() -> ResponseReturnValue:
    """Put up another notice in place of the one there is."""
    global _notice
    _notice = payload.field("notice", str)
    return {"notice": _notice}


@bp.delete("/notice")
def take_down() -> ResponseReturnValue:
    global _notice
    _notice = None
    return {"notice": None}
