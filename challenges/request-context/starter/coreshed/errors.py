"""Errors of the API: one JSON shape for all of them.

{"error": {"code": "core_not_found", "message": "There is no core 7."}}
"""

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException


class ApiError(Exception):
    """Ends the request with `status` and the JSON above."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def _answer(error: ApiError) -> ResponseReturnValue:
    return {"error": {"code": error.code, "message": error.message}}, error.status


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.name.lower().replace(" ", "_")
    return {"error": {"code": code, "message": error.description}}, error.code or 500


def register(app: Flask) -> None:
    app.register_error_handler(ApiError, _answer)
    app.register_error_handler(HTTPException, _http)
