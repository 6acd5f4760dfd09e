"""The envelope around every answer of the API."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

SPECIAL = {409: "slot_taken", 413: "too_large", 422: "invalid", 500: "internal_error", 503: "not_ready"}


def enveloped(view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
    """For views of the API: their data and their errors are put into the envelope."""

    @functools.wraps(view)
    def answer(**view_args: Any) -> ResponseReturnValue:
        try:
            given = view(**view_args)
        except HTTPException as error:
            return failure(error.code, error.description, error)
        except Exception:
            current_app.logger.exception("%s %s failed", request.method, request.path)
            return failure(500, "Something went wrong. We have been told.")
        if isinstance(given, Response):
            if given.is_json and given.status_code == 200:
                given.set_data(current_app.json.dumps({"ok": True, "data": given.get_json()}))
            return given
        if isinstance(given, tuple) and given[1] == 204:
            return given
        if isinstance(given, tuple):
            return make_response(jsonify(ok=True, data=given[0]), *given[1:])
        return jsonify(ok=True, data=given)

    return answer


def failure(status: int, message: str, error: HTTPException | None = None) -> Response:
    code = SPECIAL.get(status) or HTTPStatus(status).phrase.lower().replace(" ", "_")
    body = {"code": code, "message": message}
    if hasattr(error, "details"):
        body["details"] = error.details
    response = make_response(jsonify(ok=False, error=body), status)
    if error is not None:
        for name, value in error.get_headers():
            if name != "Content-Type":
                response.headers[name] = value
    return response
