"""Tokens: a session has a name, and a token is a seal on it that the app alone can make.

Each time a page is made its token looks different; any number of them is good at the same time, and nothing is stored.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Collection
from functools import wraps

from flask import Flask, abort, current_app, request, session
from flask.typing import ResponseReturnValue

View = Callable[..., ResponseReturnValue]
GRAIN = 8  # bytes that make each token another one


def form_token() -> str:
    """One more token of this session."""
    name = session.setdefault("name", os.urandom(16).hex())
    grain = os.urandom(GRAIN)
    return grain.hex() + _seal(grain, name)


def another_session(**content: object) -> None:
    """Nothing of the session before goes on but what is given here."""
    session.clear()
    session.update(content)


def _seal(grain: bytes, name: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"kerbside form" + grain + name.encode(), hashlib.sha256).hexdigest()


def _is_sealed(token: str) -> bool:
    try:
        grain = bytes.fromhex(token[: 2 * GRAIN])
    except ValueError:
        return False
    name = session.get("name")
    return name is not None and hmac.compare_digest(_seal(grain, name).encode(), token[2 * GRAIN :].encode())


def _sealed(view: View) -> View:
    @wraps(view)
    def asked(**arguments: object) -> ResponseReturnValue:
        if request.method in ("POST", "PUT", "PATCH", "DELETE"):
            candidates = request.headers.getlist("X-CSRF-Token") + request.form.getlist("csrf_token")
            if not any(map(_is_sealed, candidates)):
                abort(403, "This page is not one of yours any more. Load it again.")
        return view(**arguments)

    return asked


def seal_all(app: Flask, but: Collection[str]) -> None:
    """Every view asks for a token where it may change something, except for those endpoints."""
    for endpoint in app.view_functions.keys() - set(but):
        app.view_functions[endpoint] = _sealed(app.view_functions[endpoint])
