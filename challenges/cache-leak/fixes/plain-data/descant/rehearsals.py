"""Rehearsals, and who comes to them."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from descant import forms, known
from descant.auth import members_only
from descant.cache import forget
from descant.extensions import db
from descant.models import VOICES, Answer, Rehearsal
from descant.pages import show

bp = Blueprint("rehearsals", __name__)


@bp.get("/rehearsals")
@members_only
def listed() -> ResponseReturnValue:
    return show("rehearsals.html", rehearsals=[summary(evening) for evening in known.evenings().values()])


@bp.get("/rehearsals/<int:number>")
@members_only
def detail(number: int) -> ResponseReturnValue:
    """A rehearsal, with the names of those who come."""
    evening = known.evenings().get(number) or abort(404, "There is no such rehearsal.")
    coming = _coming(number)
    who = {voice: [singer.name for singer in coming if singer.voice == voice] for voice in VOICES}
    return show("rehearsal.html", **summary(evening), who=who)


@bp.post("/rehearsals/<int:number>/answer")
@members_only
def answer(number: int) -> ResponseReturnValue:
    """Say whether one comes; a later answer takes the place of an earlier one."""
    rehearsal = db.session.get(Rehearsal, number) or abort(404, "There is no such rehearsal.")
    coming = forms.one_of("coming", "yes", "no")
    db.session.merge(Answer(rehearsal_id=number, member_id=g.member.id, coming=coming == "yes"))
    db.session.commit()
    forget("answers")
    flash(f"Your answer for {rehearsal.place}: {coming}.")
    return redirect(url_for("rehearsals.detail", number=number), 303)


def summary(evening: known.Evening) -> dict[str, Any]:
    """A rehearsal as it is listed: how many come, and whether you do (None: not answered)."""
    return {
        "rehearsal": evening.id,
        "starts_at": evening.starts_at.isoformat(timespec="minutes"),
        "place": evening.place,
        "concert": known.events()[evening.concert].title,
        "coming": len(_coming(evening.id)),
        "you_come": known.answers().get(evening.id, {}).get(g.member.id),
    }


def _coming(number: int) -> list[known.Singer]:
    said = known.answers().get(number, {})
    return [singer for singer in known.singers() if said.get(singer.id)]
