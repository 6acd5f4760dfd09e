"""Errors as JSON."""

from __future__ import annotations

from flask import Flask, current_app, jsonify
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

CODES = {400: "invalid", 404: "not-found", 500: "internal"}


def _problem(error: HTTPException):
    return jsonify(error=CODES.get(error.code, error.name.lower().replace(" ", "-"))), error.code


def _no_connection(error: Exception):
    """The pool had none in time, or the database gives none."""
    return jsonify(error="busy"), 503, {"Retry-After": str(current_app.config["DB_RETRY_AFTER"])}


def init_app(app: Flask) -> None:
    app.register_error_handler(TimeoutError, _no_connection)
    app.register_error_handler(OperationalError, _no_connection)
    app.register_error_handler(HTTPException, _problem)
