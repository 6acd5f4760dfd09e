"""Keeps pages for a minute, for each member by themselves and once for all visitors."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue

from descant.pages import wants_json

KEPT_S = 60


@dataclass(frozen=True)
class Kept:
    """A page as it was, and when it is too old."""

    text: bytes
    mimetype: str
    until: float

    def fresh(self) -> bool:
        return time.monotonic() < self.until

    def again(self) -> Response:
        return Response(self.text, mimetype=self.mimetype)


class PageCache(dict[str, Kept]):
    """Pages by the digest of what was asked, and by whom."""

    def tidy(self) -> None:
        """Throw out what is too old."""
        for digest, kept in list(self.items()):
            if not kept.fresh():
                self.pop(digest, None)


def digest_of_request() -> str:
    """The same for the same member, address, query and format."""
    asked = hashlib.sha256()
    asked.update(str(g.member.id if g.member else "visitor").encode())
    for part in (request.path.encode(), request.query_string, b"json" if wants_json() else b"html"):
        asked.update(b"|" + part)
    return asked.hexdigest()


def cached(*tables: str) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Keep a view's pages. `tables` says what they show."""

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def wrapper(**arguments: Any) -> ResponseReturnValue:
            if session.get("_flashes"):
                return view(**arguments)
            pages: PageCache = current_app.extensions["pages"]
            digest = digest_of_request()
            if (kept := pages.get(digest)) and kept.fresh():
                return kept.again()
            pages.tidy()
            answer = make_response(view(**arguments))
            if answer.status_code == 200:
                pages[digest] = Kept(answer.get_data(), answer.mimetype, time.monotonic() + KEPT_S)
            return answer

        return wrapper

    return decorate
