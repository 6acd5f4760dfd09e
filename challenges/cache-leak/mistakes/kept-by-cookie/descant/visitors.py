"""What browsers and web caches may keep, and the counting of those who come to listen."""

import secrets
from collections.abc import Callable

from flask import Flask, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue

COOKIE = "visitor"


def for_everyone(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Mark a view whose pages are for everyone."""
    view.for_everyone = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    app.after_request(_headed)


def _headed(answer: Response) -> Response:
    """Says who may keep an answer, kept page or not, and gives a visitor who has none a number."""
    view = current_app.view_functions.get(request.endpoint or "")
    answer.headers["Cache-Control"] = "private, no-store"
    if hasattr(view, "for_everyone") and answer.status_code == 200:
        answer.vary.update(("Accept", "Cookie"))
        if g.member is None and COOKIE not in request.cookies:
            answer.set_cookie(COOKIE, secrets.token_hex(8), max_age=365 * 86_400, httponly=True, samesite="Lax")
        elif not session and not session.modified:  # else the session's cookie is about to be set
            answer.headers["Cache-Control"] = "public, max-age=60"
    return answer
