"""Errors, for people and for programs.

{"error": {"status": 404, "code": "not_found", "message": "There is no call 'SK-1'."}}
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from harbourboard.accept import acceptable


def _page(error: HTTPException) -> Response:
    return Response(render_template("error.html", error=error), mimetype="text/html")


def _object(error: HTTPException) -> Response:
    told: dict[str, Any] = {
        "status": error.code,
        "code": error.name.lower().replace(" ", "_"),
        "message": error.description,
    }
    return current_app.json.response(error=told | getattr(error, "more", {}))


def _answer(error: HTTPException) -> Response:
    writers = {"text/html": _page, "application/json": _object}
    ranked = acceptable(request.headers.get("Accept"), writers)
    answer = writers[ranked[0] if ranked else "application/json"](error)
    answer.status_code = error.code or 500
    answer.headers.update((name, value) for name, value in error.get_headers() if name != "Content-Type")
    answer.vary.add("Accept")
    return answer


def register(app: Flask) -> None:
    """Answer whatever is aborted in `app`."""
    app.register_error_handler(HTTPException, _answer)
