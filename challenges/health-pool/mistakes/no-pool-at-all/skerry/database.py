"""The only way to the database: `with unit() as session`, for as long as it takes to read or to write, and no longer.

Nothing of a unit is alive after it: views get plain values out of it. Units are not nested, which is checked, since the
inner one would wait for a connection that the outer ones have.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import Flask, current_app
from sqlalchemy import Engine, NullPool, create_engine, exc
from sqlalchemy.orm import Session

_within = ContextVar("within a unit", default=False)


class NoConnection(Exception):
    """There was none to be had."""


def init_app(app: Flask) -> None:
    config = app.config
    app.extensions["engine"] = create_engine(
        config["DATABASE_URL"],
        poolclass=NullPool,
    )


def engine() -> Engine:
    return current_app.extensions["engine"]


@contextmanager
def unit() -> Iterator[Session]:
    """A session whose transaction is committed at the end, or rolled back after an exception.

    Raises NoConnection when there is none in time.
    """
    if _within.get():
        raise RuntimeError("a unit within a unit needs a second connection")
    try:
        connection = engine().connect()
    except (exc.TimeoutError, exc.OperationalError) as error:
        raise NoConnection from error
    token = _within.set(True)
    try:
        with connection, Session(connection) as session, session.begin():
            yield session
    finally:
        _within.reset(token)
