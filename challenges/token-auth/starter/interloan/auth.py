"""Who is asking, and what they may do: decorators for views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request

from interloan import tokens
from interloan.errors import ApiError

RANKS = {"reader": 1, "desk": 2, "office": 3}

View = Callable[..., Any]


def register(app: Flask) -> None:
    """Have every request of `app` say whose it is."""
    app.before_request(identify)


def identify() -> None:
    """Look up the token that the request names."""
    key, _, g.secret = bearer().partition(".")
    g.token = tokens.find(key) if key else None


def bearer() -> str:
    """What stands after "Bearer", an empty text without it."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def acting_role() -> str | None:
    """The role in which the request acts."""
    own = g.token.role if g.token else None
    return request.headers.get("X-Act-As") or own


def token_required(view: View) -> View:
    """Decorator: no view without a token."""

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if g.token is None:
            raise ApiError(401, "unauthorized", "Send a token.")
        if not tokens.same(g.token.secret, g.secret) or not g.token.is_alive():
            raise ApiError(403, "forbidden", "The token is not valid.")
        return view(*args, **kwargs)

    return wrapper


def role_required(role: str) -> Callable[[View], View]:
    """Decorator: no view without this role, or a higher one."""

    def decorator(view: View) -> View:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if RANKS.get(acting_role() or "", 0) < RANKS[role]:
                raise ApiError(403, "forbidden", f"This needs the role {role}.")
            return view(*args, **kwargs)

        return wrapper

    return decorator
