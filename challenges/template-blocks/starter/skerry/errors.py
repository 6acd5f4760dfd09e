"""What is shown in place of a page that is not there."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound


def _not_found(error: NotFound) -> ResponseReturnValue:
    return render_template("not_found.html"), 404


def register(app: Flask) -> None:
    """Let `app` answer 404 with a page of its own."""
    app.register_error_handler(NotFound, _not_found)
