"""What lies on someone's desk: all that they see, and what they may set. One class for each role.

Views ask nothing of the database but by `g.desk`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Select, and_, func, select

from vellum.extensions import db
from vellum.models import Assignment, Document, Glossary, Note, User


class Desk:
    """A manager's: everything, and every field."""

    sets = frozenset({"reference", "title", "due_on", "glossary", "words", "state", "owner"})

    def __init__(self, user: User) -> None:
        self.user = user

    def documents(self) -> Select[tuple[Document]]:
        """A query for the documents; those who count replace its columns."""
        return select(Document)

    def glossaries(self) -> Select[tuple[Glossary]]:
        return select(Glossary)

    def notes(self) -> Select[tuple[Note]]:
        """A query for the notes on the documents."""
        return select(Note).where(Note.document_id.in_(self.documents().with_only_columns(Document.id)))

    def document(self, number: int) -> Document | None:
        return db.session.scalar(self.documents().where(Document.id == number))

    def count_notes(self, documents: Iterable[Document]) -> Counter[int]:
        """How many notes there are to see on each of the documents, by number."""
        numbers = [document.id for document in documents]
        query = self.notes().with_only_columns(Note.document_id, func.count()).group_by(Note.document_id)
        rows = db.session.execute(query.where(Note.document_id.in_(numbers)))
        return Counter({number: count for number, count in rows})

    def count_documents(self, glossary: Glossary) -> int:
        query = self.documents().with_only_columns(func.count(Document.id))
        return db.session.scalars(query.where(Document.glossary_id == glossary.id)).one()


class ClientDesk(Desk):
    """What the client owns, and notes that are for everyone."""

    sets = frozenset({"reference", "title", "due_on", "glossary"})

    def documents(self) -> Select[tuple[Document]]:
        return super().documents().where(Document.owner == self.user)

    def glossaries(self) -> Select[tuple[Glossary]]:
        return super().glossaries().where(Glossary.owner == self.user)

    def notes(self) -> Select[tuple[Note]]:
        return super().notes().where(~Note.internal)


class TranslatorDesk(Desk):
    """What the translator works on or has worked on."""

    sets = frozenset()

    def documents(self) -> Select[tuple[Document]]:
        theirs = and_(Assignment.translator == self.user, Assignment.state.in_(["open", "done"]))
        return super().documents().where(Document.assignments.any(theirs))

    def glossaries(self) -> Select[tuple[Glossary]]:
        used = self.documents().with_only_columns(Document.glossary_id)
        return super().glossaries().where(Glossary.id.in_(used))


DESKS = {"client": ClientDesk, "translator": TranslatorDesk, "manager": Desk}
