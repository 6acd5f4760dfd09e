"""Errors, for people and for programs.

{"error": {"status": 404, "code": "not_found", "message": "There is no call 'SK-1'."}}
"""

from __future__ import annotations

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException


def _answer(error: HTTPException) -> Response:
    code = error.name.lower().replace(" ", "_")
    if "json" in request.headers.get("Accept", ""):
        body = jsonify(error={"status": error.code, "code": code, "message": error.description})
    else:
        body = make_response(render_template("error.html", error=error))
    body.status_code = error.code or 500
    for name, value in error.get_headers():
        if name != "Content-Type":
            body.headers[name] = value
    return body


def register(app: Flask) -> None:
    """Answer whatever is aborted in `app`."""
    app.register_error_handler(HTTPException, _answer)
