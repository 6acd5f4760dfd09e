"""Errors as JSON."""

from __future__ import annotations

import traceback
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException


class ApiError(Exception):
    """What a client did wrong, as it is told."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def register(app: Flask) -> None:
    @app.errorhandler(ApiError)
    def refused(error: ApiError) -> ResponseReturnValue:
        return {"error": {"code": error.code, "message": error.message}}, error.status

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        code = error.name.lower().replace(" ", "_")
        return {"error": {"code": code, "message": error.description}}, error.code or 500

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> ResponseReturnValue:
        app.logger.exception("unforeseen")
        told: dict[str, Any] = {"code": "internal", "message": "Something went wrong at the office."}
        if app.debug:
            told["trace"] = "".join(traceback.format_exception(error))
            told["settings"] = {
                name: str(value) for name, value in app.config.items() if not name.endswith("_KEY")
            }
        return {"error": told}, 500
