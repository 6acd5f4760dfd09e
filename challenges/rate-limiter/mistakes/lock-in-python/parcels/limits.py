"""Rate limits: `@limited("lookup")` lets a view answer only so many requests of one client per window."""

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import delete, func, insert, select
from werkzeug.exceptions import TooManyRequests

from parcels.extensions import db
from parcels.models import RateHit

View = Callable[..., Any]


@dataclass(frozen=True)
class Decision:
    """Whether a request goes through, and what is left after it."""

    allowed: bool
    limit: int
    remaining: int
    retry_after_s: int = 0


class RateLimiter:
    """A log of the requests let through in the last `window_s` seconds, by client and group."""

    def __init__(self, window_s: float) -> None:
        self.window_s = window_s
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def hit(self, client: str, group: str, limit: int) -> Decision:
        """Let one request through and note it, or refuse it and note nothing."""
        with self._locks[client], db.engine.begin() as connection:
            now = time.time()
            times = connection.scalars(
                select(RateHit.at)
                .where(RateHit.client == client, RateHit.grp == group, RateHit.at > now - self.window_s)
                .order_by(RateHit.at.desc())
                .limit(limit)
            ).all()
            if len(times) >= limit:
                return Decision(False, limit, 0, retry_after_s=self._wait_s(times[-1], now))
            connection.execute(delete(RateHit).where(RateHit.at <= now - self.window_s))
            connection.execute(insert(RateHit).values(client=client, grp=group, at=now))
        return Decision(True, limit, limit - len(times) - 1)

    def used(self, client: str, group: str) -> int:
        """Requests of the last `window_s` seconds that were let through."""
        counted = select(func.count(RateHit.id)).where(
            RateHit.client == client, RateHit.grp == group, RateHit.at > time.time() - self.window_s
        )
        return db.session.scalar(counted) or 0

    def _wait_s(self, oldest: float, now: float) -> int:
        return max(1, math.ceil(oldest + self.window_s - now))


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
