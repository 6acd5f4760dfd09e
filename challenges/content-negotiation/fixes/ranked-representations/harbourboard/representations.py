"""One thing in several formats: what there is, which one is sent, and what the answer says of itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Response, request
from werkzeug.exceptions import HTTPException

from harbourboard.accept import acceptable

P = ParamSpec("P")
T = TypeVar("T")
_TYPES = {"html": "text/html", "json": "application/json", "csv": "text/csv", "ics": "text/calendar"}


class Refused(HTTPException):
    """406 or 415. `more` goes into the error's JSON, `headers` into its headers."""

    def __init__(self, code: int, description: str, more: dict[str, Any], headers: dict[str, str]) -> None:
        super().__init__(description)
        self.code = code
        self.more = more
        self._headers = headers

    def get_headers(self, environ: Any = None, scope: Any = None) -> list[tuple[str, str]]:
        return super().get_headers(environ, scope) + list(self._headers.items())


class Representations:
    """The formats of one thing, in the order in which they are preferred here, each with what writes it."""

    def __init__(self, **writers: Callable[[], str]) -> None:
        self._writers = writers

    def chosen(self) -> str:
        """The short name of the format that the client is to get. Raises `Refused` when there is none."""
        there = {_TYPES[name]: name for name in self._writers}
        named = request.args.get("format")
        if named in self._writers:
            return str(named)
        ranked = [] if named else acceptable(request.headers.get("Accept"), there)
        if not ranked:
            raise Refused(406, f"This address has {', '.join(there)}.", {"available": [*there]}, {})
        return there[ranked[0]]

    def response(self) -> Response:
        """The thing in the chosen format, or 304 for a client that holds these very bytes."""
        name = self.chosen()
        answer = Response(self._writers[name](), mimetype=_TYPES[name])
        answer.vary.add("Accept")
        answer.add_etag()
        return answer.make_conditional(request)


def takes(*media_types: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Lets a view see bodies of these types only: all others are refused with 415 before it runs."""

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            if request.mimetype not in media_types:
                listed = ", ".join(media_types)
                raise Refused(415, f"This address takes {listed}.", {}, {"Accept": listed})
            return view(*args, **kwargs)

        return guarded

    return decorate
