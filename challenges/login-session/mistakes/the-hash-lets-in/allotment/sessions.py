"""Sessions whose content stays in the database; a browser has their name."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from allotment.extensions import db
from allotment.models import StoredSession


class DatabaseSession(CallbackDict, SessionMixin):
    """What is known of a visitor. `member_id` is there once they are signed in."""

    def __init__(self, name: str, content: dict[str, Any] | None = None) -> None:
        super().__init__(content, lambda changed: setattr(changed, "modified", True))
        self.name = name
        self.modified = False
        self.member_before = self.get("member_id")

    def arrive(self, member_id: int) -> None:
        """A member comes, be it the one who was there before."""
        self.member_before = None
        self["member_id"] = member_id


class DatabaseSessions(SessionInterface):
    def open_session(self, app: Flask, request: Request) -> DatabaseSession:
        sent = request.cookies.get(self.get_cookie_name(app), "")
        if stored := db.session.get(StoredSession, sent):
            return DatabaseSession(sent, json.loads(stored.data))
        return DatabaseSession("")

    def save_session(self, app: Flask, session: DatabaseSession, response: Response) -> None:
        if not session.modified:
            return
        member = session.get("member_id")
        stored = db.session.get(StoredSession, session.name)
        if stored is None or member != session.member_before:
            # Whoever comes or goes: the content moves to a name that nobody has heard of.
            if stored is not None:
                db.session.delete(stored)
            stored = StoredSession(name=secrets.token_urlsafe(24))
        stored.member_id = member
        stored.data = json.dumps(dict(session))
        stored.changed_at = datetime.now(UTC).replace(tzinfo=None)
        db.session.add(stored)
        db.session.commit()
        flags = {"secure": app.config["SESSION_COOKIE_SECURE"], "httponly": True, "samesite": "Lax"}
        response.set_cookie(self.get_cookie_name(app), stored.name, **flags)
