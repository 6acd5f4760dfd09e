"""Sessions whose content stays in the database; a browser has their name."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete
from werkzeug.datastructures import CallbackDict

from allotment.extensions import db
from allotment.models import StoredSession


def new_name() -> str:
    return secrets.token_urlsafe(24)


class DatabaseSession(CallbackDict, SessionMixin):
    """What is known of a visitor. `member_id` is there once they are signed in."""

    def __init__(self, name: str, content: dict[str, Any] | None = None) -> None:
        super().__init__(content, lambda changed: setattr(changed, "modified", True))
        self.name = name
        self.modified = False
        self.given_up: list[str] = []

    def rename(self) -> None:
        """Keep the content; who knows the name of before has nothing."""
        self.given_up.append(self.name)
        self.name = new_name()
        self.modified = True


class DatabaseSessions(SessionInterface):
    def open_session(self, app: Flask, request: Request) -> DatabaseSession:
        name = request.cookies.get(self.get_cookie_name(app))
        stored = db.session.get(StoredSession, name) if name else None
        if stored is None:
            return DatabaseSession(new_name())
        return DatabaseSession(stored.name, json.loads(stored.data))

    def save_session(self, app: Flask, session: DatabaseSession, response: Response) -> None:
        if not session.modified:
            return
        if session.given_up:
            db.session.execute(delete(StoredSession).where(StoredSession.name.in_(session.given_up)))
        stored = db.session.get(StoredSession, session.name) or StoredSession(name=session.name)
        stored.member_id = session.get("member_id")
        stored.data = json.dumps(dict(session))
        stored.changed_at = datetime.now(UTC).replace(tzinfo=None)
        db.session.add(stored)
        db.session.commit()
        response.set_cookie(
            self.get_cookie_name(app),
            session.name,
            path="/",
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
        )


def end_others(member_id: int, name: str) -> None:
    """End all sessions of a member but the one of this name."""
    others = StoredSession.member_id == member_id, StoredSession.name != name
    db.session.execute(delete(StoredSession).where(*others))
