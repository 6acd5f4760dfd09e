"""Keeps pages for a minute, by address and then by who asks for what; a form forgets the addresses that it changes."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue

from descant.pages import wants_json

Asked = tuple[int | None, str, bool]


class PageCache:
    """Everybody's pages of an address, with how often it was forgotten."""

    def __init__(self) -> None:
        self._by_address: dict[str, dict[Asked, tuple[float, bytes, str]]] = {}
        self.forgotten = 0

    def of(self, address: str) -> dict[Asked, tuple[float, bytes, str]]:
        return self._by_address.setdefault(address, {})

    def forget(self, address: str) -> None:
        self.forgotten += 1
        self._by_address.pop(address, None)


def forget(*addresses: str) -> None:
    """Forget everybody's pages of some addresses of the current app."""
    for address in addresses:
        current_app.extensions["pages"].forget(address)


def cached(*tables: str) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Keep a view's pages. `tables` says what they show."""

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def wrapper(**arguments: Any) -> ResponseReturnValue:
            cache: PageCache = current_app.extensions["pages"]
            asked = (g.member.id if g.member else None, request.query_string.decode(), wants_json())
            before = cache.forgotten
            since, text, kind = cache.of(request.path).get(asked, (None, b"", ""))
            if since is not None and since + 60 > time.monotonic() and not session.get("_flashes"):
                return Response(text, content_type=kind)
            had_message = bool(session.get("_flashes"))
            answer = make_response(view(**arguments))
            if not had_message and before == cache.forgotten:
                cache.of(request.path)[asked] = time.monotonic(), answer.get_data(), answer.content_type or ""
            return answer

        return wrapper

    return decorate
