"""Who has to do with what."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, true

from vellum.models import Assignment, Document, User


def concerns(user: User) -> ColumnElement[bool]:
    """A condition for queries: the documents that `user` has to do with."""
    if user.role == "manager":
        return true()
    if user.role == "translator":
        return Document.id.in_(select(Assignment.document_id).where(Assignment.translator_id == user.id))
    return Document.owner_id == user.id
