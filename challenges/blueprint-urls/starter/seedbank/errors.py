"""Errors as pages like all others, under the usual navigation."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException


def _page(error: HTTPException) -> ResponseReturnValue:
    # The error's own response, because it may have headers.
    response = error.get_response()
    response.data = render_template("error.html", error=error)
    return response


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, _page)
