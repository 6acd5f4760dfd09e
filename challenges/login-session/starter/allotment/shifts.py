"""Work that members do together: ten hours a year each."""

from datetime import date

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from allotment.auth import members_only
from allotment.extensions import db
from allotment.models import Shift, Turn

blueprint = Blueprint("shifts", __name__)


@blueprint.get("/shifts")
@members_only
def upcoming() -> ResponseReturnValue:
    """With `?task=` those alone whose task has the word in it."""
    word = request.args.get("task", "").lower()
    to_come = select(Shift).where(Shift.day >= date.today()).order_by(Shift.day, Shift.id)
    shifts = db.session.scalars(to_come.options(selectinload(Shift.turns))).all()
    return render_template("shifts.html", shifts=[shift for shift in shifts if word in shift.task.lower()])


@blueprint.post("/shifts/<int:number>")
@members_only
def take(number: int) -> ResponseReturnValue:
    shift = db.session.get(Shift, number)
    if shift is None or shift.day < date.today():
        abort(404)
    if any(turn.member_id == g.member.id for turn in shift.turns):
        flash("You work this shift already.")
    elif len(shift.turns) >= shift.places:
        flash("This shift is full.")
    else:
        db.session.add(Turn(shift_id=shift.id, member_id=g.member.id))
        db.session.commit()
        flash(f"See you on {shift.day:%-d %B}.")
    return redirect(url_for("shifts.upcoming"))
