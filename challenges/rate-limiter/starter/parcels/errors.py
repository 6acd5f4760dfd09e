"""Every error leaves as JSON: `{"error": {"code": …, "message": …}}`."""

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

CODES = {
    400: "bad_request",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    415: "unsupported_media_type",
    422: "invalid",
    429: "rate_limited",
}


def error_response(error: HTTPException) -> Response:
    """Werkzeug's answer to `error`, its headers kept, with a JSON body in place of the HTML."""
    response = Response(headers=error.get_headers(), status=error.code)
    body = jsonify(error={"code": CODES.get(error.code or 500, "error"), "message": error.description})
    response.data = body.get_data()
    response.content_type = "application/json"
    return response


def init_app(app: Flask) -> None:
    """Answer HTTP errors as JSON."""
    app.register_error_handler(HTTPException, error_response)
