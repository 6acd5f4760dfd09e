"""The database of the app that is at work: an engine for each app, a session for each of its contexts."""

from __future__ import annotations

from flask import Flask, current_app, g
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool


def make_engine(url: str) -> Engine:
    """An engine for this URL. A database in memory is one connection, shared by all threads."""
    if url in ("sqlite://", "sqlite:///:memory:"):
        return create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    return create_engine(url)


def init_app(app: Flask) -> None:
    """Give the app an engine of its own."""
    app.extensions["ovenboard_engine"] = make_engine(app.config["DATABASE_URL"])

    @app.teardown_appcontext
    def close_session(error: BaseException | None) -> None:
        if "session" in g:
            g.session.close()


def engine() -> Engine:
    return current_app.extensions["ovenboard_engine"]


def session() -> Session:
    if "session" not in g:
        g.session = Session(engine())
    return g.session
