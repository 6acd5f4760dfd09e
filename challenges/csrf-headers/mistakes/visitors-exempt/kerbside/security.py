"""What keeps other sites out of ours: a token that only pages of the same session have, and headers that browsers go by."""

import secrets
from hmac import compare_digest

from flask import Flask, Response, abort, current_app, request, session

#: Blueprints whose clients have no session, and so nothing that another site could make use of.
WITHOUT_SESSION = {"machines"}
LOOKING = {"GET", "HEAD", "OPTIONS"}


def form_token() -> str:
    """The session's token: for the field `csrf_token` of a form, and for the pages' script."""
    if "token" not in session:
        session["token"] = secrets.token_urlsafe(24)
    return session["token"]


def begin_session() -> None:
    """Forget all that the session knows, its token included."""
    session.clear()


def check_token() -> None:
    """Whatever changes something comes from a page of this very session."""
    if "resident" not in session or request.method in LOOKING or request.routing_exception is not None or request.blueprint in WITHOUT_SESSION:
        return
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    expected = session.get("token", "")
    if not expected or not compare_digest(sent.encode(), expected.encode()):
        abort(403, "This can't be taken from here. Load the page again.")


def add_headers(response: Response) -> Response:
    """Tell browsers how to treat whatever we answer."""
    policy = {
        "default-src": "'self'",
        "img-src": f"'self' {current_app.config['MAP_SERVER']}",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    response.headers["Content-Security-Policy"] = "; ".join(f"{name} {sources}" for name, sources in policy.items())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def init_app(app: Flask) -> None:
    app.before_request(check_token)
    app.after_request(add_headers)
    app.jinja_env.globals["form_token"] = form_token
