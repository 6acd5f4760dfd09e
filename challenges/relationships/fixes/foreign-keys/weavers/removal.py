"""Removing rows. The database takes with them what its foreign keys say, so no object of a session is asked."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete
from sqlalchemy.exc import IntegrityError

from weavers.errors import unknown
from weavers.extensions import Base, db


class StillNeeded(Exception):
    """Another row refers to it, and its foreign key does not let it go."""


def remove_where(model: type[Base], condition: ColumnElement[bool]) -> int:
    """Remove all rows of which this is true; gives their number. Raises StillNeeded, and has removed none then."""
    try:
        gone = db.session.execute(delete(model).where(condition), execution_options={"synchronize_session": False})
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise StillNeeded from error
    return gone.rowcount


def remove_one(model: type[Base], number: int) -> None:
    """Remove the row with this id. Raises a Refusal where there is none, and StillNeeded."""
    if not remove_where(model, model.id == number):
        raise unknown(model.__name__.lower(), number)
