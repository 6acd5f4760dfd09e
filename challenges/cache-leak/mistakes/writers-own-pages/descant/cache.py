"""Keeps pages for a minute, in a drawer for each member; who writes empties theirs."""

import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue

from descant.pages import wants_json


class Page(NamedTuple):
    at: float
    content: bytes
    kind: str


class PageCache:
    """Drawers with pages, by who they belong to: None for visitors."""

    def __init__(self) -> None:
        self.drawers: defaultdict[int | None, dict[str, Page]] = defaultdict(dict)

    def empty(self, owner: int | None) -> None:
        self.drawers[owner].clear()


def init_app(app: Flask) -> None:
    """Empty a member's drawer after each form of theirs that was accepted."""

    @app.after_request
    def written(answer: Response) -> Response:
        if request.method == "POST" and answer.status_code == 303 and g.member:
            app.extensions["pages"].empty(g.member.id)
        return answer


def cached(*tables: str) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Keep a view's pages. `tables` says what they show."""

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def wrapper(**arguments: Any) -> ResponseReturnValue:
            if "_flashes" in session:
                return view(**arguments)
            owner = g.member.id if g.member else None
            drawer = current_app.extensions["pages"].drawers[owner]
            label = f"{request.full_path} {wants_json()}"
            page = drawer.get(label)
            if page is None or time.monotonic() - page.at >= 60:
                made = make_response(view(**arguments))
                page = drawer[label] = Page(time.monotonic(), made.get_data(), made.content_type or "")
            return Response(page.content, content_type=page.kind)

        return wrapper

    return decorate
