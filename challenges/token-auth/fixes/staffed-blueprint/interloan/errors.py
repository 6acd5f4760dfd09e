"""Errors of the API: one JSON shape for all of them.

{"error": {"code": "loan_not_found", "message": "There is no loan 7."}}
"""

from __future__ import annotations

from flask import Flask, json
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException


class ApiError(Exception):
    """Ends the request with `status` and the JSON above. `code` is for programs, `message` for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def _answer(error: ApiError) -> ResponseReturnValue:
    return {"error": {"code": error.code, "message": error.message}}, error.status


def _answer_http(error: HTTPException) -> ResponseReturnValue:
    """The same shape for those that say who may come in; their headers stay."""
    response = error.get_response()
    code = error.name.lower()
    response.data = json.dumps({"error": {"code": code, "message": error.description}})
    response.mimetype = "application/json"
    return response


def register(app: Flask) -> None:
    """Let every view of `app` raise `ApiError`, Unauthorized and Forbidden."""
    app.register_error_handler(ApiError, _answer)
    app.register_error_handler(401, _answer_http)
    app.register_error_handler(403, _answer_http)
