"""Errors of the API: one JSON shape for all of them.

{"error": {"code": "claim_not_found", "message": "There is no claim HM-1."}}
"""

from __future__ import annotations

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge


class ApiError(Exception):
    """Ends the request with `status` and the JSON above. `code` is for programs, `message` for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def _answer(error: ApiError) -> ResponseReturnValue:
    return {"error": {"code": error.code, "message": error.message}}, error.status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.name.lower().replace(" ", "_")
    return {"error": {"code": code, "message": error.description}}, error.code or 500


def _request_too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    return _answer(ApiError(413, "too_large", "The request is too large."))


def register(app: Flask) -> None:
    """Let every view of `app` raise `ApiError`, and answer Flask's own errors in the same shape."""
    app.register_error_handler(ApiError, _answer)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(RequestEntityTooLarge, _request_too_large)
