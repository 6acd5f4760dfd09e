"""`/notice`: the line of text above the hall's doors."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from bloomhall import payload
from bloomhall.vault import unlocked

bp = Blueprint("board", __name__)


@bp.get("/notice")
def show() -> ResponseReturnValue:
    with unlocked() as state:
        return {"notice": state["notice"]}


@bp.put("/notice")
def put_up() -> ResponseReturnValue:
    """Put up another notice in place of the one there is."""
    text = payload.field("notice", str)
    with unlocked() as state:
        state["notice"] = text
    return {"notice": text}


@bp.delete("/notice")
def take_down() -> ResponseReturnValue:
    with unlocked() as state:
        state["notice"] = None
    return {"notice": None}
