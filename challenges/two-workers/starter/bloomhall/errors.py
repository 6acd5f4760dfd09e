"""Errors as JSON."""

from __future__ import annotations

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _as_json)


def _as_json(error: HTTPException) -> ResponseReturnValue:
    return {"error": error.description}, error.code or 500
