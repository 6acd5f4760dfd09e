"""Errors of the API: {"error": {"code": "not_found", "message": "There is no such page."}}"""

from __future__ import annotations

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound


class ApiError(Exception):
    """Ends the request with `status` and the JSON above; `details` are further keys of the error."""

    def __init__(self, status: int, code: str, message: str, **details: object) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"code": code, "message": message} | details


def _answer(error: ApiError) -> ResponseReturnValue:
    return {"error": error.error}, error.status


def _not_found(error: NotFound) -> ResponseReturnValue:
    return {"error": {"code": "not_found", "message": "There is no such page."}}, 404


def _invalid(error: Exception) -> ResponseReturnValue:
    return {"error": {"code": "invalid_parameters", "message": str(error), "parameters": sorted(request.args)}}, 400


def register(app: Flask) -> None:
    app.register_error_handler(ApiError, _answer)
    app.register_error_handler(ValueError, _invalid)
    app.register_error_handler(OverflowError, _invalid)
    app.register_error_handler(NotFound, _not_found)
