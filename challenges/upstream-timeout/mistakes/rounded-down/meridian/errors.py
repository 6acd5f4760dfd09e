"""Errors as JSON."""

from __future__ import annotations

from flask import Flask, jsonify
from werkzeug.exceptions import HTTPException

from meridian.problems import Busy, Failed, Problem, Refused, Silent

CODES = {400: "invalid", 404: "not-found"}


def _problem(error: HTTPException):
    return jsonify(error=CODES.get(error.code, error.name.lower().replace(" ", "-"))), error.code


def _carrier(problem: Problem):
    match problem:
        case Silent():
            return jsonify(error="carrier-silent"), 504
        case Busy(seconds):
            return jsonify(error="carrier-busy"), 503, {"Retry-After": str(seconds)}
        case Refused(status, reason):
            return jsonify(error="refused", reason=reason), status
        case Failed():
            return jsonify(error="carrier-failed"), 502


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _problem)
    app.register_error_handler(Problem, _carrier)
