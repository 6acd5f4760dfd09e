"""The only way to the database: `with unit() as session`, for as long as it takes to read or to write, and no longer.

Nothing of a unit is alive after it: views get plain values out of it. Units are not nested, which is checked, since the
inner one would wait for a connection that the outer ones have.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import Flask, current_app
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from skerry.pool import NoneLeft, Places

_within = ContextVar("within a unit", default=False)


class NoConnection(Exception):
    """There was none to be had."""


def init_app(app: Flask) -> None:
    config = app.config
    app.extensions["engine"] = create_engine(config["DATABASE_URL"])
    app.extensions["places"] = Places(config["DATABASE_URL"], int(config["DB_CONNECTIONS"]), float(config["DB_WAIT"]))


def engine() -> Engine:
    """For the command line."""
    return current_app.extensions["engine"]


@contextmanager
def unit() -> Iterator[Session]:
    """A session whose transaction is committed at the end, or rolled back after an exception.

    Raises NoConnection when there is none in time.
    """
    if _within.get():
        raise RuntimeError("a unit within a unit needs a second connection")
    places: Places = current_app.extensions["places"]
    try:
        connection = places.take()
    except NoneLeft as error:
        raise NoConnection from error
    token = _within.set(True)
    whole = False
    try:
        with Session(connection) as session, session.begin():
            yield session
        whole = True
    finally:
        _within.reset(token)
        places.put(connection, whole=whole)
