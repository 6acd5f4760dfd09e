"""The database."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

engine: Engine | None = None
session = scoped_session(sessionmaker())


def make_engine(url: str) -> Engine:
    """An engine for this URL. A database in memory is one connection, shared by all threads."""
    if url in ("sqlite://", "sqlite:///:memory:"):
        return create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    return create_engine(url)


def init_app(app: Flask) -> None:
    """Bind the session to the configured database."""
    global engine
    if engine is None:
        engine = make_engine(app.config["DATABASE_URL"])
        session.configure(bind=engine)

    @app.teardown_appcontext
    def close_session(error: BaseException | None) -> None:
        session.remove()
