"""The envelope around what the API answers: put on last, when a response is ready to leave."""

from typing import Any

from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

#: What programs know refusals by.
NAMES = {400: "bad_request", 405: "method_not_allowed", 409: "slot_taken", 413: "too_large", 422: "invalid"}
NAMES |= {401: "unauthorized", 404: "not_found", 415: "unsupported_media_type", 500: "internal_error", 503: "not_ready"}


def in_api() -> bool:
    return request.path[:5] == "/api/"


def refuse(error: HTTPException) -> Any:
    """Werkzeug's own response, its page replaced by what goes into the envelope."""
    if not in_api():
        return error
    response = error.get_response()
    problem = {"code": NAMES.get(response.status_code, "refused"), "message": error.description}
    if hasattr(error, "details"):
        problem["details"] = error.details
    response.data = json.dumps({"ok": False, "error": problem})
    response.mimetype = "application/json"
    return response


def seal(response: Response) -> Response:
    """Put JSON into the envelope. Answers without a body, files and pages pass."""
    empty = response.status_code in (204, 304)
    if in_api() and response.is_json and not empty:
        content = json.loads(response.get_data())
        response.set_data(json.dumps({"ok": True, "data": content}) + "\n")
    return response


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, refuse)
    app.after_request(seal)
