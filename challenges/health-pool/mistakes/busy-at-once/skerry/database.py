"""Sessions, one for each request, and the pool that their connections come from."""

from __future__ import annotations

from flask import Flask, current_app, g
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session


def init_app(app: Flask) -> None:
    app.extensions["engine"] = create_engine(
        app.config["DATABASE_URL"],
        pool_size=int(app.config["DB_CONNECTIONS"]),
        max_overflow=0,
        pool_timeout=0,
        pool_pre_ping=True,
    )
    # Also after an error that nobody has foreseen.
    app.teardown_appcontext(_give_back)


def engine() -> Engine:
    return current_app.extensions["engine"]


def session() -> Session:
    """This request's session. It has a connection from its first statement to the end of its transaction."""
    if "session" not in g:
        g.session = Session(engine(), expire_on_commit=False)
    return g.session


def _give_back(error: BaseException | None) -> None:
    found = g.pop("session", None)
    if found is not None:
        found.close()
