"""Notices of the committee, to all or to one voice."""

from flask import Blueprint, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from descant import forms
from descant.auth import committee_only, members_only
from descant.cache import cached
from descant.extensions import db
from descant.models import VOICES, Notice
from descant.pages import show

bp = Blueprint("notices", __name__)


@bp.get("/notices")
@members_only
@cached("notices", "members")
def listed() -> ResponseReturnValue:
    """What concerns you, the newest first."""
    query = select(Notice).where(or_(Notice.voice.is_(None), Notice.voice == g.member.voice)).order_by(Notice.id.desc())
    notices = [
        {"text": notice.text, "voice": notice.voice, "by": notice.author.name} for notice in db.session.scalars(query)
    ]
    return show("notices.html", notices=notices)


@bp.post("/notices")
@committee_only
def post() -> ResponseReturnValue:
    voice = forms.one_of("voice", "", *VOICES)
    db.session.add(Notice(text=forms.text("text", 500), voice=voice or None, author_id=g.member.id))
    db.session.commit()
    flash(f"Your notice is out: {voice or 'all'}.")
    return redirect(url_for("notices.listed"), 303)
