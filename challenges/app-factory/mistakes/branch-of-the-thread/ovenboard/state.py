"""The branch that this thread is at work for."""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session


class Branch:
    """All that one branch has: settings, engine, menu."""

    def __init__(self, app: Flask, engine: Any) -> None:
        self.settings = dict(app.config)
        self.engine = engine
        self.menu: dict[str, tuple[int, str, int]] | None = None
        self.session: Session | None = None

    def open(self) -> Session:
        if self.session is None:
            self.session = Session(bind=self.engine, expire_on_commit=True)
        return self.session

    def shut(self) -> None:
        session, self.session = self.session, None
        if session is not None:
            session.close()


class _Desk(threading.local):
    """Each thread has a desk, on which lies the branch that is served there."""

    branch: Branch | None = None

    def take(self, branch: Branch) -> None:
        if self.branch is not None and self.branch is not branch:
            self.branch.shut()
        self.branch = branch


desk = _Desk()
_all: list[Branch] = []


def enroll(app: Flask, engine: Any) -> None:
    """Serve this app's branch whenever one of its requests comes in."""
    branch = Branch(app, engine)
    _all.append(branch)
    app.before_request(lambda: desk.take(branch))

    @app.teardown_appcontext
    def end(error: BaseException | None) -> None:
        branch.shut()


def here() -> Branch:
    """The branch on this thread's desk; outside of requests, the one that was enrolled last."""
    return desk.branch or _all[-1]
