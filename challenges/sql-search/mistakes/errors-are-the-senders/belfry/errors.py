"""Errors of the API: one JSON shape for all of them.

{"error": {"code": "bell_not_found", "message": "There is no bell 7."}}
"""

from __future__ import annotations

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError


class ApiError(Exception):
    """Ends the request with `status` and the JSON above; `details` are further keys of the error."""

    def __init__(self, status: int, code: str, message: str, **details: object) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"code": code, "message": message, **details}


def _answer(error: ApiError) -> ResponseReturnValue:
    return {"error": error.error}, error.status


def _not_understood(error: SQLAlchemyError) -> ResponseReturnValue:
    for parameter in ("sort", "direction", "page_size", "page", "limit", "q", "founder", "tower", "starts"):
        if value := request.args.get(parameter):
            details = {"code": "bad_parameter", "parameter": parameter, "value": value}
            return {"error": {**details, "message": f"{parameter} is not understood."}}, 400
    raise error


def register(app: Flask) -> None:
    """Let every view of `app` raise `ApiError`, and blame the request for what the database refuses."""
    app.register_error_handler(ApiError, _answer)
    app.register_error_handler(SQLAlchemyError, _not_understood)
