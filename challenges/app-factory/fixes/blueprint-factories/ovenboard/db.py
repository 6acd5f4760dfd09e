"""The database of a branch."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool


def make_engine(url: str) -> Engine:
    """An engine for this URL. A database in memory is one connection, shared by all threads."""
    if url in ("sqlite://", "sqlite:///:memory:"):
        return create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    return create_engine(url)


class Database:
    """An app's engine and sessions."""

    def __init__(self, app: Flask) -> None:
        self.engine = make_engine(app.config["DATABASE_URL"])
        self.session = scoped_session(sessionmaker(bind=self.engine))

        @app.teardown_appcontext
        def close_session(error: BaseException | None) -> None:
            self.session.remove()
