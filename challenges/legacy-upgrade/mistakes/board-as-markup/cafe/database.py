"""The engine, and a session for each request."""

from __future__ import annotations

from flask import Flask, current_app, g
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeclarativeBase):
    pass


def init_app(app: Flask) -> None:
    app.engine = create_engine(app.config["DATABASE_URL"])

    @app.teardown_appcontext
    def end(error: BaseException | None) -> None:
        if (open_session := g.pop("session", None)) is not None:
            open_session.close()


def session() -> Session:
    if "session" not in g:
        g.session = Session(current_app.engine)
    return g.session
