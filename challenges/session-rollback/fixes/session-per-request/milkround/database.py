"""The database. Each app has an engine; each request, or command, has a session of its own, which views reach as `db.session`."""

from __future__ import annotations

from flask import Flask, current_app, g
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeclarativeBase):
    """Base of all models."""


class Database:
    """Ties an engine to an app, and a session to each of its contexts."""

    def init_app(self, app: Flask) -> None:
        app.extensions["milkround.engine"] = create_engine(app.config["DATABASE_URL"])
        app.teardown_appcontext(self._close)

    @staticmethod
    def _close(_: BaseException | None) -> None:
        """What was not committed by now goes away with the session, however the request has ended."""
        opened: Session | None = g.pop("milkround_session", None)
        if opened is not None:
            opened.close()

    @property
    def engine(self) -> Engine:
        engine: Engine = current_app.extensions["milkround.engine"]
        return engine

    @property
    def session(self) -> Session:
        if "milkround_session" not in g:
            g.milkround_session = Session(self.engine)
        session: Session = g.milkround_session
        return session

    def create_all(self) -> None:
        """Make the tables that are not there yet."""
        Base.metadata.create_all(self.engine)

    def dispose(self) -> None:
        """Close all connections, at the end of a command or a test."""
        self._close(None)
        self.engine.dispose()


db = Database()
