"""Errors of the API: one JSON shape for all of them.

{"error": {"code": "bell_not_found", "message": "There is no bell 7."}}
"""

from __future__ import annotations

from flask import Flask
from flask.typing import ResponseReturnValue


class ApiError(Exception):
    """Ends the request with `status` and the JSON above; `details` are further keys of the error."""

    def __init__(self, status: int, code: str, message: str, **details: object) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"code": code, "message": message, **details}


def _answer(error: ApiError) -> ResponseReturnValue:
    return {"error": error.error}, error.status


def register(app: Flask) -> None:
    """Let every view of `app` raise `ApiError`."""
    app.register_error_handler(ApiError, _answer)
