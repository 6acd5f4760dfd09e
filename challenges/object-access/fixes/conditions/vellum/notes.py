"""`/documents/<number>/notes`: what is said about a document."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from vellum import payloads
from vellum.access import document_or_404, note_or_404, notes_on
from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Note
from vellum.serializers import note_json

bp = Blueprint("notes", __name__, url_prefix="/documents/<int:number>/notes")


@bp.get("")
def list_notes(number: int) -> ResponseReturnValue:
    """List the notes on a document, the oldest first."""
    return {"notes": [note_json(note) for note in notes_on(document_or_404(number))]}


@bp.post("")
def write_note(number: int) -> ResponseReturnValue:
    """Write a note."""
    document = document_or_404(number)
    body = payloads.json_object()
    if g.user.role == "client" and "internal" in body:
        raise payloads.bad("internal can't be set.")
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
    return note_json(note_or_404(document_or_404(number), note_number))


@bp.delete("/<int:note_number>")
def remove_note(number: int, note_number: int) -> ResponseReturnValue:
    """Remove a note, one's own or, for managers, anybody's."""
    note = note_or_404(document_or_404(number), note_number)
    if g.user.role != "manager" and note.author_id != g.user.id:
        raise ApiError(403, "forbidden", "This note is somebody else's.")
    db.session.delete(note)
    db.session.commit()
    return "", 204
