"""Errors as JSON."""

from __future__ import annotations

from flask import Flask, current_app, jsonify
from werkzeug.exceptions import HTTPException

from skerry.database import NoConnection

CODES = {400: "invalid", 404: "not-found", 500: "internal"}


def _problem(error: HTTPException):
    return jsonify(error=CODES.get(error.code, error.name.lower().replace(" ", "-"))), error.code


def _busy(error: NoConnection):
    answer = jsonify(error="busy")
    answer.status_code = 503
    answer.headers["Retry-After"] = str(current_app.config["DB_RETRY_AFTER"])
    return answer


def init_app(app: Flask) -> None:
    app.register_error_handler(NoConnection, _busy)
    app.register_error_handler(HTTPException, _problem)
