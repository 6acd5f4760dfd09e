"""Keeps pages for a minute: in the week of a concert everyone looks at them, and each takes many statements.

A page is kept under all that it depends on: who asks, what for, in which format, and the stamps of the tables that it
shows. A commit gives the tables that it changed new stamps, so what was made of the old ones is never asked for again,
also when it is finished only after that commit.
"""

import time
from collections.abc import Callable, Hashable, Iterable
from functools import wraps
from threading import Lock
from typing import Any

from flask import Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import event

from descant.extensions import db
from descant.pages import wants_json

KEPT_S = 60
MOST_PAGES = 2_000


class PageCache:
    """The pages of one app, the oldest first, each with its type; and the stamps of its tables."""

    def __init__(self) -> None:
        self._pages: dict[Hashable, tuple[float, Response | None]] = {}
        self._stamps: dict[str, int] = {}
        self._lock = Lock()

    def stamps(self, tables: Iterable[str]) -> tuple[int, ...]:
        """One for each table; another one as soon as the table has changed."""
        with self._lock:
            return tuple(self._stamps.get(table, 0) for table in tables)

    def changed(self, tables: Iterable[str]) -> None:
        """Give these tables new stamps."""
        with self._lock:
            for table in tables:
                self._stamps[table] = self._stamps.get(table, 0) + 1

    def get(self, key: Hashable) -> Response | None:
        """A page that was made less than a minute ago, as an answer that nobody else has."""
        with self._lock:
            made, answer = self._pages.get(key, (0.0, None))
        return answer if time.monotonic() - made < KEPT_S else None

    def put(self, key: Hashable, answer: Response) -> None:
        """Keep what a page shows and none of its headers; of too many the oldest goes."""
        with self._lock:
            self._pages.pop(key, None)
            self._pages[key] = time.monotonic(), answer
            while len(self._pages) > MOST_PAGES:
                del self._pages[next(iter(self._pages))]


def cached(*tables: str) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Keep the pages of a view which shows these tables. What decides who may see it goes outside."""

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def wrapper(**arguments: Any) -> ResponseReturnValue:
            if "_flashes" in session:  # a message is for this browser, and for once
                return view(**arguments)
            pages: PageCache = current_app.extensions["pages"]
            key = (_who(), request.path, request.query_string, wants_json(), pages.stamps(tables))
            answer = pages.get(key)
            if answer is None:
                answer = make_response(view(**arguments))
                pages.put(key, answer)
            return answer

        return wrapper

    return decorate


def _who() -> Hashable:
    """All of a member that decides what they see, also on pages that show no members."""
    return g.member and (g.member.id, g.member.name, g.member.voice, g.member.role)


@event.listens_for(db.session, "after_flush")
def _note(written: Any, _: Any) -> None:
    changed = {row.__tablename__ for row in (*written.new, *written.dirty, *written.deleted)}
    written.info.setdefault("changed", set()).update(changed)


@event.listens_for(db.session, "after_commit")
def _stamp(written: Any) -> None:
    current_app.extensions["pages"].changed(written.info.pop("changed", ()))
