"""Notices of the committee, to all or to one voice."""

from flask import Blueprint, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from descant import forms, known
from descant.auth import committee_only, members_only
from descant.cache import forget
from descant.extensions import db
from descant.models import VOICES, Notice
from descant.pages import show

bp = Blueprint("notices", __name__)


@bp.get("/notices")
@members_only
def listed() -> ResponseReturnValue:
    """What concerns you, the newest first."""
    authors = known.everybody()
    notices = [
        {"text": sheet.text, "voice": sheet.voice, "by": authors[sheet.author].name}
        for sheet in known.sheets()
        if sheet.voice in (None, g.member.voice)
    ]
    return show("notices.html", notices=notices)


@bp.post("/notices")
@committee_only
def post() -> ResponseReturnValue:
    voice = forms.one_of("voice", "", *VOICES)
    db.session.add(Notice(text=forms.text("text", 500), voice=voice or None, author_id=g.member.id))
    db.session.commit()
    forget("notices")
    flash(f"Your notice is out: {voice or 'all'}.")
    return redirect(url_for("notices.listed"), 303)
