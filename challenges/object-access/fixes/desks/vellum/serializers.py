"""How models look in JSON."""

from __future__ import annotations

from typing import Any

from flask import g

from vellum.models import Document, Glossary, Note


def document_line(document: Document, notes: int) -> dict[str, Any]:
    """A document in a list, with the number of notes that there are to see."""
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
        "notes": notes,
    }


def document_page(document: Document) -> dict[str, Any]:
    """All of a document."""
    glossary = document.glossary
    return document_line(document, g.desk.count_notes([document])[document.id]) | {
        "text": document.text,
        "translation": document.translation,
        "glossary": {"number": glossary.id, "name": glossary.name, "terms": glossary.terms} if glossary else None,
    }


def note_json(note: Note) -> dict[str, Any]:
    return {"number": note.id, "author": note.author.login, "text": note.text, "internal": note.internal}


def glossary_json(glossary: Glossary) -> dict[str, Any]:
    return {
        "number": glossary.id,
        "owner": glossary.owner.login,
        "name": glossary.name,
        "terms": glossary.terms,
        "documents": g.desk.count_documents(glossary),
    }
