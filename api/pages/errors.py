"""Errors of pages, as pages: a problem is answered as a document first, as in the API, and read here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, request

from api.pages.rendering import page, see_other
from api.pages.routing import is_page
from api.problems import MEDIA_TYPE, URN
from runner.errors import MendboxError

_SIGN_IN = "/sign-in"
#: Problems that one gets over on another page.
_INSTEAD = {"link-needed": "/start", "not-begun": "/work", "second-factor-missing": "/second-factor"}
#: What to do about a problem on a page: hints of the API speak of requests, and are shown where they fit.
_ADVICE = {
    "csrf-refused": "Your session is another one now. Load the page again, and repeat what you did.",
    "forbidden": "Ask an administrator if you should be able to.",
}
_FITTING = frozenset(
    {
        "invalid-request",
        "body-too-large",
        "conflict",
        "not-found",
        "too-many-requests",
        "platform-fault",
        "origin-refused",
    }
)


def register(app: Flask) -> None:
    """Have what pages answer as a problem shown as a page. To be called before other headers are set."""
    app.after_request(_shown)


def _shown(response: Response) -> Response:
    if response.mimetype != MEDIA_TYPE or not _is_for_people():
        return response
    problem = json.loads(response.get_data())
    name = str(problem["type"]).removeprefix(URN)
    if name == "unauthenticated":
        onward = f"?next={quote(request.full_path.rstrip('?'), safe='/')}" if request.method in ("GET", "HEAD") else ""
        return _led_to(f"{_SIGN_IN}{onward}", response)
    if name in _INSTEAD:
        return _led_to(_INSTEAD[name], response)
    try:
        shown = page("error.html", response.status_code, problem=_in_words(problem))
    except MendboxError:
        # Whatever is wrong with pages, the problem is told.
        return response
    for name in ("Retry-After", "Allow", "WWW-Authenticate"):
        if name in response.headers:
            shown.headers[name] = response.headers[name]
    return shown


def _is_for_people() -> bool:
    wanted = request.accept_mimetypes
    if request.endpoint is not None:
        # A page's script reads a problem as any program does, and says so.
        return is_page(request.endpoint) and wanted["application/json"] <= wanted["text/html"]
    # There is no such address: a browser says that it would like a page.
    is_browser = "HX-Request" in request.headers or wanted["text/html"] > wanted["application/json"]
    return is_browser and not request.path.startswith("/api/")


def _led_to(address: str, refused: Response) -> Response:
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        # A part of a page was asked for: the whole has to go there.
        answer = Response(status=refused.status_code)
        answer.headers["HX-Redirect"] = address
        return answer
    return see_other(address)


def _in_words(problem: Mapping[str, Any]) -> dict[str, str | None]:
    """What a person needs of it."""
    name = str(problem["type"]).removeprefix(URN)
    advice = _ADVICE.get(name) or (problem.get("hint") if name in _FITTING else None)
    return {
        "status": str(problem["status"]),
        "title": str(problem["title"]),
        # The API's word for it speaks of tokens.
        "detail": "" if name == "challenge-unknown" else str(problem.get("detail") or ""),
        "advice": str(advice) if advice else None,
        "request_id": str(problem["request_id"]) if problem.get("request_id") else None,
    }
