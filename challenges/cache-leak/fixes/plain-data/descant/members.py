"""Members: about themselves, about each other, and what the committee knows of them."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from descant import forms, known
from descant.auth import committee_only, members_only
from descant.cache import forget
from descant.extensions import db
from descant.models import ROLES, VOICES, Member
from descant.pages import show
from descant.rehearsals import summary

bp = Blueprint("members", __name__)


@bp.get("/me")
@members_only
def me() -> ResponseReturnValue:
    """What the choir knows of you."""
    you = g.member
    every = [summary(evening) for evening in known.evenings().values()]
    answered = [
        {"rehearsal": one["rehearsal"], "concert": one["concert"], "you_come": one["you_come"]}
        for one in every
        if one["you_come"] is not None
    ]
    return show("me.html", voice=you.voice, phone=you.phone, role=you.role, paid=you.paid, answered=answered)


@bp.post("/me")
@members_only
def save_me() -> ResponseReturnValue:
    g.member.name, g.member.phone = forms.text("name"), forms.text("phone", 30)
    db.session.commit()
    forget("members")
    flash(f"We call you {g.member.name} now.")
    return redirect(url_for("members.me"), 303)


@bp.get("/members")
@members_only
def listed() -> ResponseReturnValue:
    """Everyone by voice, or some voices. The committee sees telephone numbers, too."""
    wanted = request.args.getlist("voice") or VOICES
    by_voice: dict[str, list[dict[str, Any]]] = {voice: [] for voice in VOICES if voice in wanted}
    for singer in known.singers():
        if singer.voice in by_voice:
            phone = {"phone": singer.phone} if g.member.role == "committee" else {}
            by_voice[singer.voice].append({"name": singer.name, "role": singer.role, **phone})
    return show("members.html", voices=by_voice)


@bp.post("/members/<int:number>/role")
@committee_only
def set_role(number: int) -> ResponseReturnValue:
    """Put somebody on the committee, or take them off it; `left` for who sings no longer."""
    member = _find(number)
    member.role = forms.one_of("role", *ROLES)
    db.session.commit()
    forget("members")
    flash(f"{member.name}: {member.role}.")
    return redirect(url_for("members.listed"), 303)


@bp.get("/dues")
@committee_only
def dues() -> ResponseReturnValue:
    """Who has paid."""
    return show("dues.html", dues=[{"member": one.id, "name": one.name, "paid": one.paid} for one in known.singers()])


@bp.post("/dues/<int:number>")
@committee_only
def set_paid(number: int) -> ResponseReturnValue:
    member = _find(number)
    member.paid = forms.one_of("paid", "yes", "no") == "yes"
    db.session.commit()
    forget("members")
    flash(f"{member.name} has {'paid' if member.paid else 'not paid'}.")
    return redirect(url_for("members.dues"), 303)


def _find(number: int) -> Member:
    return db.session.get(Member, number) or abort(404, "There is no such member.")
