"""`/notice`: the line of text above the hall's doors."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from bloomhall import payload
from bloomhall.extensions import db
from bloomhall.models import Notice

bp = Blueprint("board", __name__)
ONLY = 1


@bp.get("/notice")
def show() -> ResponseReturnValue:
    return {"notice": db.session.scalar(select(Notice.text))}


@bp.put("/notice")
def put_up() -> ResponseReturnValue:
    """Put up another notice in place of the one there is."""
    text = payload.field("notice", str)
    notice = insert(Notice).values(id=ONLY, text=text)
    db.session.execute(notice.on_conflict_do_update(index_elements=["id"], set_={"text": text}))
    db.session.commit()
    return {"notice": text}


@bp.delete("/notice")
def take_down() -> ResponseReturnValue:
    db.session.execute(delete(Notice))
    db.session.commit()
    return {"notice": None}
