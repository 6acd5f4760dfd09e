"""Errors as JSON."""

from __future__ import annotations

from flask import Flask, jsonify
from werkzeug.exceptions import HTTPException

from meridian.carrier import CarrierError

CODES = {400: "invalid", 404: "not-found"}


def _problem(error: HTTPException):
    return jsonify(error=CODES.get(error.code, error.name.lower().replace(" ", "-"))), error.code


def _carrier(error: CarrierError):
    return jsonify(error.body), error.status, error.headers


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _problem)
    app.register_error_handler(CarrierError, _carrier)
