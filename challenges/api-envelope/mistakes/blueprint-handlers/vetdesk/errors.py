"""Errors: in the envelope below /api/, as pages elsewhere."""

from flask import Blueprint, jsonify
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


def in_envelope(error: HTTPException) -> ResponseReturnValue:
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


def register(blueprint: Blueprint) -> None:
    """Answer every error of `blueprint`."""
    blueprint.register_error_handler(HTTPException, in_envelope)
