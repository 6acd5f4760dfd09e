"""Errors are JSON: `{"error": …}`."""

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException


def answer(error: HTTPException) -> ResponseReturnValue:
    """What is raised or, for exceptions that nobody foresaw, the 500 that Flask makes of it."""
    if error.code is None or error.code < 400:
        return error
    response = error.get_response()
    response.data = b'{"error": "%s"}\n' % error.name.lower().replace(" ", "_").encode()
    response.content_type = "application/json"
    return response


def init_app(app: Flask) -> None:
    """Answer every error of the app."""
    app.register_error_handler(HTTPException, answer)
