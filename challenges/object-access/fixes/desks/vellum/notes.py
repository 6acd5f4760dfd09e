"""`/documents/<number>/notes`: what is said about a document."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from vellum import payloads
from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Note
from vellum.serializers import note_json

bp = Blueprint("notes", __name__, url_prefix="/documents/<int:document>/notes")


def noted(number: int) -> Note:
    """The note with this number on the request's document. Raises ApiError 404 when there is none to see."""
    note = db.session.scalar(g.desk.notes().where(Note.document_id == g.document.id, Note.id == number))
    if note is None:
        raise ApiError(404, "note_not_found", f"There is no note {number}.")
    return note


@bp.get("")
def list_notes() -> ResponseReturnValue:
    """List the notes on a document, the oldest first."""
    query = g.desk.notes().where(Note.document_id == g.document.id).order_by(Note.id)
    return {"notes": [note_json(note) for note in db.session.scalars(query)]}


@bp.post("")
def write_note() -> ResponseReturnValue:
    """Write a note."""
    body = payloads.json_object()
    note = Note(
        document_id=g.document.id,
        author=g.user,
        text=payloads.text("text", body.get("text"), 2_000),
    )
    if "internal" in body:
        if g.user.role == "client":
            raise payloads.bad("Only the bureau's own people write internal notes.")
        note.internal = payloads.flag("internal", body["internal"])
    db.session.add(note)
    db.session.commit()
    return note_json(note), 201


@bp.get("/<int:number>")
def show_note(number: int) -> ResponseReturnValue:
    """Show a note."""
    return note_json(noted(number))


@bp.delete("/<int:number>")
def remove_note(number: int) -> ResponseReturnValue:
    """Remove a note, one's own or, for managers, anybody's."""
    note = noted(number)
    if g.user.role != "manager" and note.author_id != g.user.id:
        raise ApiError(403, "forbidden", "This note is somebody else's.")
    db.session.delete(note)
    db.session.commit()
    return "", 204
