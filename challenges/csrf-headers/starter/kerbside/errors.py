"""Errors: as JSON where programs ask, as a page elsewhere."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException


def answer(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    if request.path.startswith(("/api/", "/machines/")):
        return {"error": error.description}, error.code, headers
    return render_template("error.html", error=error), error.code, headers
