"""Members: about themselves, about each other, and what the committee knows of them."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from descant import forms
from descant.auth import committee_only, members_only
from descant.cache import cached
from descant.extensions import db
from descant.models import ROLES, VOICES, Member, Rehearsal
from descant.pages import show
from descant.rehearsals import summary

bp = Blueprint("members", __name__)


@bp.get("/me")
@members_only
@cached("members", "rehearsals", "answers", "concerts")
def me() -> ResponseReturnValue:
    """What the choir knows of you."""
    rehearsals = db.session.scalars(select(Rehearsal).order_by(Rehearsal.starts_at, Rehearsal.id))
    answered = [
        {key: shown[key] for key in ("rehearsal", "concert", "you_come")}
        for shown in map(summary, rehearsals)
        if shown["you_come"] is not None
    ]
    member = g.member
    page = {"voice": member.voice, "phone": member.phone, "role": member.role, "paid": member.paid}
    return show("me.html", **page, answered=answered)


@bp.post("/me")
@members_only
def save_me() -> ResponseReturnValue:
    g.member.name, g.member.phone = forms.text("name"), forms.text("phone", 30)
    db.session.commit()
    flash(f"We call you {g.member.name} now.")
    return redirect(url_for("members.me"), 303)


@bp.get("/members")
@members_only
@cached("members")
def listed() -> ResponseReturnValue:
    """Everyone by voice, or some voices. The committee sees telephone numbers, too."""
    wanted = request.args.getlist("voice")
    voices = {voice: _singers(voice) for voice in VOICES if voice in wanted or not wanted}
    return show("members.html", voices=voices)


def _singers(voice: str) -> list[dict[str, Any]]:
    query = select(Member).where(Member.voice == voice, Member.role != "left").order_by(Member.name, Member.id)
    shown = ("name", "role", "phone") if g.member.role == "committee" else ("name", "role")
    return [{key: getattr(member, key) for key in shown} for member in db.session.scalars(query)]


@bp.post("/members/<int:number>/role")
@committee_only
def set_role(number: int) -> ResponseReturnValue:
    """Put somebody on the committee, or take them off it; `left` for who sings no longer."""
    member = _find(number)
    member.role = forms.one_of("role", *ROLES)
    db.session.commit()
    flash(f"{member.name}: {member.role}.")
    return redirect(url_for("members.listed"), 303)


@bp.get("/dues")
@committee_only
@cached("members")
def dues() -> ResponseReturnValue:
    """Who has paid."""
    members = db.session.scalars(select(Member).where(Member.role != "left").order_by(Member.name, Member.id))
    return show("dues.html", dues=[{"member": one.id, "name": one.name, "paid": one.paid} for one in members])


@bp.post("/dues/<int:number>")
@committee_only
def set_paid(number: int) -> ResponseReturnValue:
    member = _find(number)
    member.paid = forms.one_of("paid", "yes", "no") == "yes"
    db.session.commit()
    flash(f"{member.name} has {'paid' if member.paid else 'not paid'}.")
    return redirect(url_for("members.dues"), 303)


def _find(number: int) -> Member:
    return db.session.get(Member, number) or abort(404, "There is no such member.")
