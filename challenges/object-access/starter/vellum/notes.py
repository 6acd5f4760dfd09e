"""`/documents/<number>/notes`: what is said about a document."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from vellum import payloads
from vellum.documents import document_or_404
from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Note
from vellum.serializers import note_json

bp = Blueprint("notes", __name__, url_prefix="/documents/<int:number>/notes")


def note_or_404(note_number: int) -> Note:
    """The note with this number. Raises ApiError 404 when there is none."""
    note = db.session.get(Note, note_number)
    if note is None:
        raise ApiError(404, "note_not_found", f"There is no note {note_number}.")
    return note


@bp.get("")
def list_notes(number: int) -> ResponseReturnValue:
    """List the notes on a document, the oldest first."""
    return {"notes": [note_json(note) for note in document_or_404(number).notes]}


@bp.post("")
def write_note(number: int) -> ResponseReturnValue:
    """Write a note."""
    document = document_or_404(number)
    body = payloads.json_object()
    note = Note(
        document=document,
        author=g.user,
        text=payloads.text("text", body.get("text"), 2_000),
        internal=payloads.flag("internal", body.get("internal", False)),
    )
    db.session.add(note)
    db.session.commit()
    return note_json(note), 201


@bp.get("/<int:note_number>")
def show_note(number: int, note_number: int) -> ResponseReturnValue:
    """Show a note."""
    document_or_404(number)
    return note_json(note_or_404(note_number))


@bp.delete("/<int:note_number>")
def remove_note(number: int, note_number: int) -> ResponseReturnValue:
    """Remove a note, one's own or, for managers, anybody's."""
    document_or_404(number)
    note = note_or_404(note_number)
    if g.user.role != "manager" and note.author_id != g.user.id:
        raise ApiError(403, "forbidden", "This note is somebody else's.")
    db.session.delete(note)
    db.session.commit()
    return "", 204
