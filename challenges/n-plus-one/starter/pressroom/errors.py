"""Errors as JSON."""

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException


def init_app(app: Flask) -> None:
    """Answer every HTTP error as JSON."""
    app.register_error_handler(HTTPException, _as_json)


def _as_json(error: HTTPException) -> ResponseReturnValue:
    return {"error": {"status": error.code, "message": error.description}}, error.code or 500
