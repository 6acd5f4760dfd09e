"""Errors of the API: one JSON shape for all of them.

{"error": {"code": "team_not_found", "message": "There is no team 'moonbase'."}}
"""

from __future__ import annotations

from flask import Flask, request
from flask.typing import ResponseReturnValue


class ApiError(Exception):
    """Ends the request with `status` and the JSON above. `code` is for programs, `message` for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def _missing(error: AttributeError) -> ResponseReturnValue:
    user_id = (request.view_args or {}).get("user_id")
    return {"error": {"code": "user_not_found", "message": f"There is no user {user_id}."}}, 404


def _answer(error: ApiError) -> ResponseReturnValue:
    return {"error": {"code": error.code, "message": error.message}}, error.status


def register(app: Flask) -> None:
    """Let every view of `app` raise `ApiError`."""
    app.register_error_handler(ApiError, _answer)
    app.register_error_handler(AttributeError, _missing)
