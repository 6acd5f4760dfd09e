"""Extensions shared by the whole app."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Base of all models."""


@event.listens_for(Engine, "connect")
def _mind_references(connection: Any, _record: Any) -> None:
    """SQLite ignores foreign keys, and what is to happen ON DELETE, unless each connection asks for it."""
    if isinstance(connection, sqlite3.Connection):
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()


db = SQLAlchemy(model_class=Base)
