"""How models look in JSON."""

from __future__ import annotations

from typing import Any

from flask import g
from sqlalchemy import func, select

from vellum.access import concerns
from vellum.extensions import db
from vellum.models import Document, Glossary, Note


def document_line(document: Document) -> dict[str, Any]:
    """A document in a list."""
    return {
        "number": document.id,
        "owner": document.owner.login,
        "reference": document.reference,
        "title": document.title,
        "source": document.source,
        "target": document.target,
        "words": document.words,
        "state": document.state,
        "due_on": document.due_on.isoformat() if document.due_on else None,
        "notes": len(document.notes),
    }


def document_page(document: Document) -> dict[str, Any]:
    """All of a document."""
    glossary = document.glossary
    return document_line(document) | {
        "text": document.text,
        "translation": document.translation,
        "glossary": {"number": glossary.id, "name": glossary.name, "terms": glossary.terms} if glossary else None,
    }


def note_json(note: Note) -> dict[str, Any]:
    return {"number": note.id, "author": note.author.login, "text": note.text, "internal": note.internal}


def glossary_json(glossary: Glossary) -> dict[str, Any]:
    """A glossary, with the number of documents that it goes with and that the one who asks sees."""
    seen = select(func.count(Document.id)).where(Document.glossary_id == glossary.id, concerns(g.user))
    return {
        "number": glossary.id,
        "owner": glossary.owner.login,
        "name": glossary.name,
        "terms": glossary.terms,
        "documents": db.session.scalar(seen),
    }
