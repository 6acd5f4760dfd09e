"""Errors of pages, as pages: a problem is answered as a document first, as in the API, and read here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, request

from api.pages.rendering import page
from api.pages.routing import is_page
from api.problems import MEDIA_TYPE, URN
from runner.errors import MendboxError

_SIGN_IN, _ENROL = "/sign-in", "/second-factor"


def register(app: Flask) -> None:
    """Have what pages answer as a problem shown as a page. To be called before other headers are set."""
    app.after_request(_shown)


def _shown(response: Response) -> Response:
    if response.mimetype != MEDIA_TYPE or not _is_for_people():
        return response
    problem = json.loads(response.get_data())
    if request.method in ("GET", "HEAD"):
        onward = quote(request.full_path.rstrip("?"), safe="/")
        if problem["type"] == f"{URN}unauthenticated":
            return _led_to(f"{_SIGN_IN}?next={onward}", response)
        if problem["type"] == f"{URN}second-factor-missing":
            return _led_to(_ENROL, response)
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
    if request.endpoint is not None:
        return is_page(request.endpoint)
    # There is no such address: a browser says that it would like a page.
    wanted = request.accept_mimetypes
    return not request.path.startswith("/api/") and wanted["text/html"] > wanted["application/json"]


def _led_to(address: str, refused: Response) -> Response:
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        # A part of a page was asked for: the whole has to go there.
        answer = Response(status=refused.status_code)
        answer.headers["HX-Redirect"] = address
        return answer
    answer = Response(status=303)
    answer.headers["Location"] = address
    return answer


def _in_words(problem: Mapping[str, Any]) -> dict[str, str | None]:
    """What a person needs of it. Hints of the API speak of requests; a page's speak of what to click."""
    name = str(problem["type"]).removeprefix(URN)
    advice = {
        "csrf-refused": "Your session is another one now. Load the page again, and repeat what you did.",
        "second-factor-missing": "Set one up first; until then your account can do nothing else.",
        "forbidden": "Ask an administrator if you should be able to.",
    }.get(name, problem.get("hint"))
    return {
        "status": str(problem["status"]),
        "title": str(problem["title"]),
        "detail": str(problem.get("detail") or ""),
        "advice": str(advice) if advice else None,
        "request_id": str(problem["request_id"]) if problem.get("request_id") else None,
    }
