"""`/store`: the cold rooms, level by level, and the boxes in them."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from seedbank.extensions import db
from seedbank.models import Box

bp = Blueprint("store", __name__, url_prefix="/store")


def find(code: str) -> Box:
    """The box with this code. Ends the request with 404 when there is none."""
    box = db.session.scalar(select(Box).where(Box.code == code))
    if box is None:
        abort(404, f"There is no box {code}.")
    return box


@bp.get("/")
def index() -> ResponseReturnValue:
    levels = db.session.execute(select(Box.level, func.count()).group_by(Box.level).order_by(Box.level.desc()))
    return render_template("store.html", levels=levels.all())


@bp.get("/levels/<int:level>")
def show_level(level: int) -> ResponseReturnValue:
    boxes = db.session.scalars(select(Box).where(Box.level == level).order_by(Box.code)).all()
    if not boxes:
        abort(404, f"There is nothing on level {level}.")
    return render_template("level.html", level=level, boxes=boxes)


@bp.get("/boxes/<int:code>")
def show_box(code: int) -> ResponseReturnValue:
    return render_template("box.html", box=find(str(code)))


@bp.post("/boxes/<int:code>/moves")
def move_box(code: int) -> ResponseReturnValue:
    """Carry a box to another level."""
    box = find(str(code))
    level = request.form.get("level", None, int)
    if level is None or not -9 <= level <= 9:
        abort(400, "Levels are whole numbers from -9 to 9.")
    box.level = level
    db.session.commit()
    return redirect(f"/store/levels/{level}", 303)
