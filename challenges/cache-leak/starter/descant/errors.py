"""Error pages."""

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from descant.pages import show


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _shown)


def _shown(error: HTTPException) -> ResponseReturnValue:
    return show("error.html", error=error.description), error.code or 500
