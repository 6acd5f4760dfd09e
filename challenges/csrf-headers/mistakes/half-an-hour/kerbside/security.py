"""Tokens: a session has a name, and a token is that name, signed."""

import secrets
from collections.abc import Callable, Collection
from functools import wraps

from flask import Flask, abort, current_app, request, session
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

View = Callable[..., ResponseReturnValue]
GOOD_FOR = 30 * 60  # seconds


def _tokens() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="forms of a session")


def form_token() -> str:
    """For the field `csrf_token` of a form, and for the pages' script."""
    if "name" not in session:
        session["name"] = secrets.token_hex(16)
    return _tokens().dumps(session["name"])


def another_session(**content: object) -> None:
    """Nothing of the session before goes on but what is given here."""
    session.clear()
    session.update(content)


def _is_of_this_session(token: str) -> bool:
    try:
        return "name" in session and _tokens().loads(token, max_age=GOOD_FOR) == session["name"]
    except BadSignature:
        return False


def seal_all(app: Flask, but: Collection[str]) -> None:
    """Every view asks for a token where it may change something, except for those endpoints."""

    def checked(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: object) -> ResponseReturnValue:
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
                if not _is_of_this_session(sent):
                    abort(403, "This form can't be taken any more. Load its page again.")
            return view(**arguments)

        return guarded

    for endpoint, view in list(app.view_functions.items()):
        if endpoint not in but:
            app.view_functions[endpoint] = checked(view)
