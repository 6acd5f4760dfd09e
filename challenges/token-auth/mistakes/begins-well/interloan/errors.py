"""Errors of the API: one JSON shape for all of them.

{"error": {"code": "loan_not_found", "message": "There is no loan 7."}}
"""

from __future__ import annotations

from flask import Flask
from flask.typing import ResponseReturnValue


class ApiError(Exception):
    """Ends the request with `status` and the JSON above. `code` is for programs, `message` for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def _answer(error: ApiError) -> ResponseReturnValue:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    return {"error": {"code": error.code, "message": error.message}}, error.status, headers


def register(app: Flask) -> None:
    """Let every view of `app` raise `ApiError`."""
    app.register_error_handler(ApiError, _answer)
