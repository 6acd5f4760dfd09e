"""The database. `engine` and `session` are those of the app that is at work."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask, current_app
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool
from werkzeug.local import LocalProxy

_sessions: WeakKeyDictionary[Flask, scoped_session[Any]] = WeakKeyDictionary()


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined]


engine: Any = LocalProxy(lambda: _sessions[_app()].session_factory.kw["bind"])
session: Any = LocalProxy(lambda: _sessions[_app()])


def make_engine(url: str) -> Engine:
    """An engine for this URL. A database in memory is one connection, shared by all threads."""
    if url in ("sqlite://", "sqlite:///:memory:"):
        return create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    return create_engine(url)


def init_app(app: Flask) -> None:
    """Give the app sessions on the configured database."""
    sessions = _sessions[app] = scoped_session(sessionmaker(make_engine(app.config["DATABASE_URL"])))

    @app.teardown_appcontext
    def close_session(error: BaseException | None) -> None:
        sessions.remove()
