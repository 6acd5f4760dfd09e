"""The database of the branch that is served."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool
from werkzeug.local import LocalProxy

from ovenboard.state import enroll, here

engine: Any = LocalProxy(lambda: here().engine)
session: Any = LocalProxy(lambda: here().open())


def make_engine(url: str) -> Engine:
    """An engine for this URL. A database in memory is one connection, shared by all threads."""
    if url in ("sqlite://", "sqlite:///:memory:"):
        return create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    return create_engine(url)


def init_app(app: Flask) -> None:
    enroll(app, make_engine(app.config["DATABASE_URL"]))
