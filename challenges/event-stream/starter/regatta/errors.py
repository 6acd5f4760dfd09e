"""Errors as JSON."""

from __future__ import annotations

from flask import Flask, jsonify
from werkzeug.exceptions import HTTPException

CODES = {400: "invalid", 404: "not-found"}


def _problem(error: HTTPException):
    return jsonify(error=CODES.get(error.code, error.name.lower().replace(" ", "-"))), error.code


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _problem)
