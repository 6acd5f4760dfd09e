"""What keeps other sites out of ours: a token in forms, and headers that browsers go by."""

from collections.abc import Callable
from functools import wraps

from flask import abort, current_app, make_response, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

View = Callable[..., ResponseReturnValue]
GOOD_FOR = 30 * 60  # seconds


def _tokens() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="forms")


def form_token() -> str:
    """For the field `csrf_token` of a form, and for the pages' script."""
    return _tokens().dumps("form")


def checked(view: View) -> View:
    """Takes forms from our own pages only."""

    @wraps(view)
    def guarded(**arguments: object) -> ResponseReturnValue:
        if request.method == "POST":
            try:
                _tokens().loads(request.values.get("csrf_token", ""), max_age=GOOD_FOR)
            except BadSignature:
                abort(400, "This form can't be taken any more. Load its page again.")
        return view(**arguments)

    return guarded


def with_headers(view: View) -> View:
    """Tells browsers how to treat the page."""

    @wraps(view)
    def answered(**arguments: object) -> ResponseReturnValue:
        response = make_response(view(**arguments))
        maps = current_app.config["MAP_SERVER"]
        response.headers["Content-Security-Policy"] = f"default-src 'self' 'unsafe-inline'; img-src 'self' {maps}"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers["Referrer-Policy"] = "unsafe-url"
        return response

    return answered
