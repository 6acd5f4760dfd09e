"""Keeps pages for a minute: in the week of a concert everyone looks at them, and each takes many statements."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

KEPT_S = 60
MOST_PAGES = 500


class PageCache:
    """The pages of one app, the oldest first."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[float, Response]] = {}

    def get(self, path: str) -> Response | None:
        """What was kept less than a minute ago."""
        made, answer = self._pages.get(path, (0.0, None))
        return answer if time.monotonic() - made < KEPT_S else None

    def put(self, path: str, answer: Response) -> None:
        """Keep a page; of too many the oldest goes."""
        self._pages.pop(path, None)
        if len(self._pages) >= MOST_PAGES:
            del self._pages[next(iter(self._pages))]
        self._pages[path] = time.monotonic(), answer

    def forget(self, path: str) -> None:
        """Let a page be made anew when it is asked for next."""
        self._pages.pop(path, None)


def forget(path: str) -> None:
    """Forget a page of the current app."""
    current_app.extensions["pages"].forget(path)


def cached(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Keep what a view answers."""

    @wraps(view)
    def wrapper(**arguments: Any) -> ResponseReturnValue:
        pages: PageCache = current_app.extensions["pages"]
        answer = pages.get(request.path)
        if answer is None:
            try:
                answer = make_response(view(**arguments))
            except HTTPException as error:
                answer = make_response(current_app.handle_user_exception(error))
            answer.cache_control.public = True
            answer.cache_control.max_age = KEPT_S
            pages.put(request.path, answer)
        return answer

    return wrapper
