"""The database. Each app has an engine and a session, which views reach as `db.session`."""

from __future__ import annotations

from flask import Flask, current_app
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeclarativeBase):
    """Base of all models."""


class Database:
    """Ties an engine and a session to an app."""

    def init_app(self, app: Flask) -> None:
        engine = create_engine(app.config["DATABASE_URL"])
        app.extensions["milkround.engine"] = engine
        app.extensions["milkround.session"] = Session(engine, expire_on_commit=False)

    @property
    def engine(self) -> Engine:
        engine: Engine = current_app.extensions["milkround.engine"]
        return engine

    @property
    def session(self) -> Session:
        session: Session = current_app.extensions["milkround.session"]
        return session

    def create_all(self) -> None:
        """Make the tables that are not there yet."""
        Base.metadata.create_all(self.engine)

    def dispose(self) -> None:
        """Close all connections, at the end of a command or a test."""
        self.session.close()
        self.engine.dispose()


db = Database()
