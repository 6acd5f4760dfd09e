"""The door that every request comes through. It is closed, and this page says for whom it opens.

Views need to do nothing: a route that is not named here is an error when the app is made.
"""

from __future__ import annotations

from flask import Flask, Response, g, request

from interloan import tokens
from interloan.auth import ROLES
from interloan.errors import ApiError

EVERYONE = {"index.show_index", "index.list_libraries"}
LEAST_ROLE = {
    "catalogue.search": "reader",
    "catalogue.show": "reader",
    "catalogue.add": "desk",
    "loans.list": "reader",
    "loans.show": "reader",
    "loans.ask": "desk",
    "loans.send": "desk",
    "loans.cancel": "desk",
    "loans.slip": "desk",
    "loans.export": "office",
    "access.me": "reader",
    "access.list": "desk",
    "access.make": "desk",
    "access.revoke": "office",
}


def register(app: Flask) -> None:
    """Put the door before `app`. Raises LookupError for a route of it that nobody thought of."""
    forgotten = set(app.view_functions) - EVERYONE - set(LEAST_ROLE)
    if forgotten:
        raise LookupError(f"say in {__name__} who may use {forgotten}")
    app.before_request(come_in)
    app.after_request(say_what_is_asked_for)


def come_in() -> None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in EVERYONE:
        return
    kind, _, sent = request.headers.get("Authorization", "").partition(" ")
    g.token = tokens.find_living(sent.strip()) if kind.casefold() == "bearer" else None
    if not g.token:
        raise ApiError(401, "unauthorized", "This is for programs with a token.")
    g.role = g.token.role
    if (lower := request.headers.get("X-Act-As")) is not None:
        demand(lower)
        g.role = lower
    demand(LEAST_ROLE[endpoint])


def demand(role: str) -> None:
    """Raises ApiError 403 unless the request acts in this role or a higher one."""
    if role not in ROLES or ROLES.index(g.role) < ROLES.index(role):
        raise ApiError(403, "forbidden", f"A {g.role} can't act as {role}.")


def say_what_is_asked_for(response: Response) -> Response:
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="interloan"'
    return response
