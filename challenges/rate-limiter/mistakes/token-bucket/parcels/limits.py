"""Rate limits: `@limited("lookup")` lets a view answer only so many requests of one client per window."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert
from werkzeug.exceptions import TooManyRequests

from parcels.extensions import db
from parcels.models import RateBucket

View = Callable[..., Any]


@dataclass(frozen=True)
class Decision:
    """Whether a request goes through, and what is left after it."""

    allowed: bool
    limit: int
    remaining: int
    retry_after_s: int = 0


class RateLimiter:
    """A bucket of tokens for each client and group, refilled evenly over `window_s` seconds."""

    def __init__(self, window_s: float) -> None:
        self.window_s = window_s

    def hit(self, client: str, group: str, limit: int) -> Decision:
        """Take one token, or refuse and take none."""
        with _write_lock() as connection:
            now = time.time()
            connection.execute(delete(RateBucket).where(RateBucket.filled_at <= now - self.window_s))
            tokens = self._tokens(connection, client, group, limit)
            if tokens < 1:
                return Decision(False, limit, 0, math.ceil((1 - tokens) * self.window_s / limit))
            state = {"tokens": tokens - 1, "filled_at": now}
            connection.execute(
                insert(RateBucket).values(client=client, grp=group, **state).on_conflict_do_update(set_=state)
            )
        return Decision(True, limit, int(tokens) - 1)

    def used(self, client: str, group: str) -> int:
        """Tokens that are gone."""
        limit = limit_of(group)
        with db.engine.connect() as connection:
            return limit - int(self._tokens(connection, client, group, limit))

    def _tokens(self, connection: Connection, client: str, group: str, limit: int) -> float:
        bucket = connection.execute(
            select(RateBucket.tokens, RateBucket.filled_at).where(
                RateBucket.client == client, RateBucket.grp == group
            )
        ).first()
        if bucket is None:
            return limit
        return min(limit, bucket.tokens + (time.time() - bucket.filled_at) * limit / self.window_s)


@contextmanager
def _write_lock() -> Iterator[Connection]:
    """A transaction of its own, apart from the view's, that holds the write lock from its first statement."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.commit()


def init_app(app: Flask) -> None:
    """Give the app its limiter, and every answer of a limited view its headers."""
    app.extensions["rate_limiter"] = RateLimiter(app.config["RATE_WINDOW_S"])
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    decision: Decision | None = g.get("rate_decision")
    if decision is not None:
        response.headers["X-RateLimit-Limit"] = str(decision.limit)
        response.headers["X-RateLimit-Remaining"] = str(decision.remaining)
    return response


def get_limiter() -> RateLimiter:
    """The limiter of the current app."""
    limiter: RateLimiter = current_app.extensions["rate_limiter"]
    return limiter


def client_of(group: str) -> str:
    """Who calls: the account behind the key, or the connection's own address. Never what a header claims."""
    return f"address:{request.remote_addr}" if group == "public" else f"account:{g.account.id}"


def limit_of(group: str) -> int:
    """The caller's limit in a group: by the plan of its account, or the one for addresses."""
    limits: dict[str, int] = current_app.config["RATE_LIMITS"][group]
    return limits["address"] if group == "public" else limits[g.account.plan]


def quota_of(group: str) -> dict[str, int]:
    """How much of the caller's limit in a group is used and left."""
    limit = limit_of(group)
    used = min(get_limiter().used(client_of(group), group), limit)
    return {"limit": limit, "used": used, "remaining": limit - used}


def limited(group: str) -> Callable[[View], View]:
    """Limit a view's requests. Goes below `require_key`, whose account decides the limit."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            decision = get_limiter().hit(client_of(group), group, limit_of(group))
            g.rate_decision = decision
            if not decision.allowed:
                raise TooManyRequests(
                    f"Too many requests, try again in {decision.retry_after_s} s.",
                    retry_after=decision.retry_after_s,
                )
            return view(*args, **kwargs)

        return wrapper

    return decorate
