"""Errors: in the envelope below /api/, as pages elsewhere."""

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

CODES = {
    400: "bad_request",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    409: "slot_taken",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    500: "internal_error",
    503: "not_ready",
}


def answer(error: HTTPException) -> ResponseReturnValue:
    """What is raised or, for exceptions that nobody foresaw, the InternalServerError that Flask makes of it."""
    if request.path.startswith("/api/"):
        return _in_envelope(error)
    if error.code == 404:
        return render_template("not_found.html"), 404
    return error


def _in_envelope(error: HTTPException) -> ResponseReturnValue:
    told = {"code": CODES.get(error.code, "error"), "message": error.description}
    details = getattr(error, "details", None)
    if details is not None:
        told["details"] = details
    response = jsonify(ok=False, error=told)
    response.status_code = error.code
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            response.headers.add(name, value)
    return response


def register(app: Flask) -> None:
    """Answer every error of `app`. Flask logs what nobody foresaw before it asks."""
    app.register_error_handler(HTTPException, answer)
