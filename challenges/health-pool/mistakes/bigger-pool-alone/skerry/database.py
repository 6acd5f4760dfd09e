"""Sessions, one for each request."""

from __future__ import annotations

from flask import Flask, Response, current_app, g
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

#: By the ids of requests. Of those that failed it is kept, so that the error log finds what they had loaded.
sessions: dict[str, Session] = {}


def init_app(app: Flask) -> None:
    app.extensions["engine"] = create_engine(
        app.config["DATABASE_URL"], pool_size=int(app.config["DB_CONNECTIONS"]), max_overflow=30, pool_timeout=1
    )
    app.after_request(_give_back)


def engine() -> Engine:
    return current_app.extensions["engine"]


def session() -> Session:
    """This request's session."""
    if g.request_id not in sessions:
        sessions[g.request_id] = Session(engine())
    return sessions[g.request_id]


def _give_back(response: Response) -> Response:
    if response.status_code < 400 and g.request_id in sessions:
        sessions.pop(g.request_id).close()
    return response
