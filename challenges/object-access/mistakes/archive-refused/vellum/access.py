"""Who sees what: the README's table as conditions for queries, and look-ups that go by them."""

from __future__ import annotations

from flask import g
from sqlalchemy import ColumnElement, select, true

from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Assignment, Document, Glossary, Note, User


def concerns(user: User) -> ColumnElement[bool]:
    """A condition for queries: the documents that `user` sees."""
    if user.role == "manager":
        return true()
    if user.role == "translator":
        assigned = select(Assignment.document_id).where(
            Assignment.translator_id == user.id, Assignment.state != "withdrawn"
        )
        return Document.id.in_(assigned)
    return Document.owner_id == user.id


def glossaries_of(user: User) -> ColumnElement[bool]:
    """A condition for queries: the glossaries that `user` sees."""
    if user.role == "manager":
        return true()
    if user.role == "translator":
        return Glossary.documents.any(concerns(user))
    return Glossary.owner_id == user.id


def document_or_404(number: int) -> Document:
    """The document with this number, if the one who asks sees it. Raises ApiError 404 when they don't."""
    document = db.session.scalar(select(Document).where(Document.id == number, concerns(g.user)))
    if document is None:
        raise ApiError(404, "document_not_found", f"There is no document {number}.")
    return document


def glossary_or_404(number: int) -> Glossary:
    """The glossary with this number, if the one who asks sees it. Raises ApiError 404 when they don't."""
    glossary = db.session.scalar(select(Glossary).where(Glossary.id == number, glossaries_of(g.user)))
    if glossary is None:
        raise ApiError(404, "glossary_not_found", f"There is no glossary {number}.")
    return glossary


def notes_on(document: Document) -> list[Note]:
    """The notes that the one who asks sees on a document, the oldest first."""
    return [note for note in document.notes if g.user.role != "client" or not note.internal]


def note_or_404(document: Document, note_number: int) -> Note:
    """The note with this number among those on the document. Raises ApiError 404 when there is none."""
    for note in notes_on(document):
        if note.id == note_number:
            return note
    raise ApiError(404, "note_not_found", f"There is no note {note_number}.")
