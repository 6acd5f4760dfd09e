"""Who is asking, and what they may do: one decorator for views, which stands below the route."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, request

from interloan import tokens
from interloan.errors import ApiError
from interloan.models import Token

RANKS = {"reader": 1, "desk": 2, "office": 3}

View = Callable[..., Any]


def requires(role: str) -> Callable[[View], View]:
    """Decorator: no view without a token that is alive, and this role or a higher one.

    Within the view `g.token` is the token and `g.role` the role in which the request acts.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.token = authenticate()
            g.role = acting_role(g.token)
            if RANKS[g.role] < RANKS[role]:
                raise forbidden(f"This needs the role {role}.")
            return view(*args, **kwargs)

        return guarded

    return decorator


def authenticate() -> Token:
    """The token that was sent. Raises ApiError 401 unless it is complete, right and alive."""
    scheme, value, *_ = [*request.headers.get("Authorization", "").split(), "", ""]
    key, secret, *_ = [*value.split("."), ""]
    token = tokens.find(key) if scheme.lower() == "bearer" else None
    if token is None or not tokens.same(token.secret, secret) or not token.is_alive():
        raise ApiError(401, "unauthorized", "Send a token that is alive.")
    return token


def acting_role(token: Token) -> str:
    """The token's role or, if the request asks for one, a lower one. Raises ApiError 403 for any other word."""
    wanted = request.headers.get("X-Act-As", token.role)
    if wanted not in RANKS or RANKS[wanted] > RANKS[token.role]:
        raise forbidden("A token can act in its own role or a lower one.")
    return wanted


def forbidden(message: str) -> ApiError:
    return ApiError(403, "forbidden", message)
