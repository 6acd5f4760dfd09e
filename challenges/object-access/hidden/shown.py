"""Who sees what, and how the API shows it, from what the harness stored."""

from __future__ import annotations

from collections import Counter
from typing import Any

from mendbox_harness import Bureau, Document, Glossary, Note, Person

Json = dict[str, Any]


def sees(person: Person, document: Document) -> bool:
    if person.role == "translator":
        return any(who is person and state != "withdrawn" for who, state in document.assignments)
    return person.role == "manager" or document.owner is person


def seen(bureau: Bureau, person: Person) -> list[Document]:
    """The documents that someone sees, by number."""
    return sorted((each for each in bureau.documents if sees(person, each)), key=lambda document: document.id)


def notes_seen(person: Person, document: Document) -> list[Note]:
    return [note for note in document.notes if person.role != "client" or not note.internal]


def line(document: Document) -> Json:
    """A document in a list, but for the number of its notes: not everyone counts the same."""
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
    }


def glossary_on(glossary: Glossary | None) -> Json | None:
    """A document's glossary on its page."""
    return {"number": glossary.id, "name": glossary.name, "terms": glossary.terms} if glossary else None


def page(document: Document) -> Json:
    """All of a document, but for the number of its notes."""
    more = {"text": document.text, "translation": document.translation, "glossary": glossary_on(document.glossary)}
    return line(document) | more


def uncounted(shown: Json) -> Json:
    """What was shown of a document, but for the number of its notes."""
    assert type(shown["notes"]) is int
    return {name: value for name, value in shown.items() if name != "notes"}


def note_line(note: Note) -> Json:
    return {"number": note.id, "author": note.author.login, "text": note.text, "internal": note.internal}


def glossary_line(bureau: Bureau, person: Person, glossary: Glossary) -> Json:
    """A glossary as someone sees it."""
    return {
        "number": glossary.id,
        "owner": glossary.owner.login,
        "name": glossary.name,
        "terms": glossary.terms,
        "documents": sum(each.glossary is glossary for each in seen(bureau, person)),
    }


def glossary_lines(bureau: Bureau, person: Person) -> list[Json]:
    """The list of glossaries as someone sees it."""
    shown = bureau.glossaries
    if person.role == "client":
        shown = [each for each in shown if each.owner is person]
    elif person.role == "translator":
        shown = [each for each in shown if any(document.glossary is each for document in seen(bureau, person))]
    return [glossary_line(bureau, person, each) for each in sorted(shown, key=lambda each: (each.name, each.id))]


def figures(bureau: Bureau, person: Person) -> Json:
    documents = seen(bureau, person)
    return {
        "documents": len(documents),
        "words": sum(each.words for each in documents),
        "states": dict(Counter(each.state for each in documents)),
        "languages": dict(Counter(f"{each.source}-{each.target}" for each in documents)),
        "notes": sum(len(notes_seen(person, each)) for each in documents),
    }


def is_error(answer: Any, status: int, code: str, message: str = "") -> bool:
    """Whether it is this error, and says nothing else. Without `message` any words will do."""
    told = answer.json if answer.mimetype == "application/json" else None
    if not isinstance(told, dict) or set(told) != {"error"} or set(told["error"]) != {"code", "message"}:
        return False
    return (answer.status_code, told["error"]["code"], message or told["error"]["message"]) == (
        status,
        code,
        told["error"]["message"],
    )


def no_document(answer: Any, number: int) -> bool:
    """Whether it is the answer for a number that no document has."""
    return is_error(answer, 404, "document_not_found", f"There is no document {number}.")


def no_note(answer: Any, number: int) -> bool:
    return is_error(answer, 404, "note_not_found", f"There is no note {number}.")


def forbidden(answer: Any) -> bool:
    return is_error(answer, 403, "forbidden")


def refused(answer: Any, message: str = "") -> bool:
    return is_error(answer, 400, "bad_request", message)
