"""Rehearsals, and who comes to them."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from descant import forms
from descant.auth import members_only
from descant.cache import cached
from descant.extensions import db
from descant.models import VOICES, Answer, Rehearsal
from descant.pages import show

bp = Blueprint("rehearsals", __name__)


@bp.get("/rehearsals")
@members_only
@cached("rehearsals", "answers", "members", "concerts")
def listed() -> ResponseReturnValue:
    rehearsals = db.session.scalars(select(Rehearsal).order_by(Rehearsal.starts_at, Rehearsal.id))
    return show("rehearsals.html", rehearsals=[summary(rehearsal) for rehearsal in rehearsals])


@bp.get("/rehearsals/<int:number>")
@members_only
@cached("rehearsals", "answers", "members", "concerts")
def detail(number: int) -> ResponseReturnValue:
    """A rehearsal, with the names of those who come."""
    rehearsal = _find(number)
    coming = [answer.member for answer in _coming(rehearsal)]
    who = {voice: sorted(member.name for member in coming if member.voice == voice) for voice in VOICES}
    return show("rehearsal.html", **summary(rehearsal), who=who)


@bp.post("/rehearsals/<int:number>/answer")
@members_only
def answer(number: int) -> ResponseReturnValue:
    """Say whether one comes; a later answer takes the place of an earlier one."""
    rehearsal, coming = _find(number), forms.one_of("coming", "yes", "no")
    db.session.merge(Answer(rehearsal_id=number, member_id=g.member.id, coming=coming == "yes"))
    db.session.commit()
    flash(f"Your answer for {rehearsal.place}: {coming}.")
    return redirect(url_for("rehearsals.detail", number=number), 303)


def summary(rehearsal: Rehearsal) -> dict[str, Any]:
    """A rehearsal as it is listed: how many come, and whether you do (None: not answered)."""
    own = [answer.coming for answer in rehearsal.answers if answer.member_id == g.member.id]
    return {
        "rehearsal": rehearsal.id,
        "starts_at": rehearsal.starts_at.isoformat(timespec="minutes"),
        "place": rehearsal.place,
        "concert": rehearsal.concert.title,
        "coming": len(_coming(rehearsal)),
        "you_come": own[0] if own else None,
    }


def _find(number: int) -> Rehearsal:
    return db.session.get(Rehearsal, number) or abort(404, "There is no such rehearsal.")


def _coming(rehearsal: Rehearsal) -> list[Answer]:
    return [answer for answer in rehearsal.answers if answer.coming and answer.member.role != "left"]
