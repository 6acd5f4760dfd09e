"""Writing and deleting notes."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from slateyard import forms
from slateyard.extensions import db
from slateyard.models import Boulder, Note

bp = Blueprint("notes", __name__)


@bp.post("/boulders/<int:boulder_id>/notes")
def create_note(boulder_id: int) -> ResponseReturnValue:
    boulder = db.get_or_404(Boulder, boulder_id)
    note = Note(
        boulder=boulder,
        climber=forms.climber("climber"),
        text=forms.text("text", 2000),
        written_at=datetime.now(),
    )
    db.session.add(note)
    db.session.commit()
    flash(Markup("Your note on <em>{}</em> is up.").format(boulder.name))
    return redirect(url_for("boulders.show_boulder", boulder_id=boulder_id), 303)


@bp.post("/notes/<int:note_id>/delete")
def delete_note(note_id: int) -> ResponseReturnValue:
    note = db.get_or_404(Note, note_id)
    boulder_id = note.boulder_id
    db.session.delete(note)
    db.session.commit()
    flash("The note is gone.")
    return redirect(url_for("boulders.show_boulder", boulder_id=boulder_id), 303)
