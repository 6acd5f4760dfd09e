"""Errors, for people and for programs.

{"error": {"status": 404, "code": "not_found", "message": "There is no call 'SK-1'."}}
"""

from __future__ import annotations

from flask import Flask, Response, jsonify, make_response, render_template
from werkzeug.exceptions import HTTPException

from harbourboard.formats import NoSuchFormat, best


def _answer(error: HTTPException) -> Response:
    code = error.name.lower().replace(" ", "_")
    if best(("html", "json")) == "html":
        body = make_response(render_template("error.html", error=error))
    else:
        about = {"status": error.code, "code": code, "message": error.description}
        if isinstance(error, NoSuchFormat):
            about["available"] = error.available
        body = jsonify(error=about)
    body.status_code = error.code or 500
    for name, value in error.get_headers():
        if name != "Content-Type":
            body.headers[name] = value
    return body


def register(app: Flask) -> None:
    """Answer whatever is aborted in `app`."""
    app.register_error_handler(HTTPException, _answer)
