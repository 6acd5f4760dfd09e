"""The database. Whoever needs it opens a unit of work and says what it means when a constraint objects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from milkround.errors import ApiError


class Base(DeclarativeBase):
    """Base of all models."""


class Database:
    """Makes sessions, each for one piece of work."""

    def init_app(self, app: Flask) -> None:
        app.extensions["milkround.sessions"] = sessionmaker(create_engine(app.config["DATABASE_URL"]))

    @property
    def _sessions(self) -> sessionmaker[Session]:
        sessions: sessionmaker[Session] = current_app.extensions["milkround.sessions"]
        return sessions

    @property
    def engine(self) -> Engine:
        bound = self._sessions.kw["bind"]
        assert isinstance(bound, Engine)
        return bound

    @contextmanager
    def work(self, taken: ApiError | None = None) -> Iterator[Session]:
        """A session whose block is stored as a whole when it ends, and not at all when anything is raised in it.

        Raises `taken` instead of IntegrityError, wherever in the block, or at its end, that comes from.
        """
        try:
            with self._sessions.begin() as session:
                yield session
        except IntegrityError:
            if taken is None:
                raise
            raise taken from None

    def create_all(self) -> None:
        """Make the tables that are not there yet."""
        Base.metadata.create_all(self.engine)

    def dispose(self) -> None:
        """Close all connections, at the end of a command or a test."""
        self.engine.dispose()


db = Database()
