"""People, their documents, and the work on these."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vellum.extensions import db

STATES = ("new", "in work", "translated", "archived")


class User(db.Model):
    """Someone who signs in. `role` is client, translator or manager."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(12))


class Glossary(db.Model):
    """How a client wants words translated. Glossaries come from the terminology program, by night."""

    __tablename__ = "glossaries"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    terms: Mapped[dict[str, str]] = mapped_column(JSON)

    owner: Mapped[User] = relationship()
    documents: Mapped[list[Document]] = relationship(back_populates="glossary")


class Document(db.Model):
    """A text that a client sent in. `reference` is the client's own; `words` is what they pay for."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("owner_id", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reference: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(2))
    target: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    translation: Mapped[str | None] = mapped_column(Text)
    words: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    due_on: Mapped[date | None]
    glossary_id: Mapped[int | None] = mapped_column(ForeignKey("glossaries.id"), index=True)

    owner: Mapped[User] = relationship()
    glossary: Mapped[Glossary | None] = relationship(back_populates="documents")
    notes: Mapped[list[Note]] = relationship(
        back_populates="document", order_by="Note.id", cascade="all, delete-orphan"
    )
    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="document", order_by="Assignment.id", cascade="all, delete-orphan"
    )


class Assignment(db.Model):
    """A translator's work on a document: open, done or withdrawn. Someone may be assigned again."""

    __tablename__ = "assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    translator_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="open")

    document: Mapped[Document] = relationship(back_populates="assignments")
    translator: Mapped[User] = relationship()


class Note(db.Model):
    """Something that was said about a document. Internal notes are for the bureau's own people."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    internal: Mapped[bool] = mapped_column(default=False)

    document: Mapped[Document] = relationship(back_populates="notes")
    author: Mapped[User] = relationship()
