"""Rate limits: `@limited("lookup")` lets a view answer only so many requests per window."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, g, make_response
from redis import Redis

View = Callable[..., Any]


class RateLimiter:
    """Counts the requests of each group in windows of `window_s` seconds, in the Redis that all workers share."""

    def __init__(self, redis: Redis, window_s: float) -> None:
        self.window_s = window_s
        self._redis = redis

    def used(self, group: str) -> int:
        """Requests of a group in the present window."""
        return int(self._redis.get(self._slot(group)) or 0)

    def count(self, group: str) -> None:
        """Note one request of a group."""
        self._redis.set(self._slot(group), self.used(group) + 1)

    def _slot(self, group: str) -> str:
        return f"rate:{group}:{int(time.time() // self.window_s)}"


def init_app(app: Flask) -> None:
    """Give the app its limiter."""
    redis = app.config["RATE_REDIS"] or Redis.from_url(app.config["RATE_REDIS_URL"])
    app.extensions["rate_limiter"] = RateLimiter(redis, app.config["RATE_WINDOW_S"])


def get_limiter() -> RateLimiter:
    """The limiter of the current app."""
    limiter: RateLimiter = current_app.extensions["rate_limiter"]
    return limiter


def limit_of(group: str) -> int:
    """The caller's limit in a group: by the plan of its account, or the one for addresses."""
    limits: dict[str, int] = current_app.config["RATE_LIMITS"][group]
    return limits["address"] if group == "public" else limits[g.account.plan]


def quota_of(group: str) -> dict[str, int]:
    """How much of a group's limit is used and left."""
    limit = limit_of(group)
    used = min(get_limiter().used(group), limit)
    return {"limit": limit, "used": used, "remaining": limit - used}


def limited(group: str) -> Callable[[View], View]:
    """Limit a view's requests. Goes below `require_key`, whose account decides the limit."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            limiter = get_limiter()
            if limiter.used(group) >= limit_of(group):
                abort(429, "Too many requests, try again later.")
            response = make_response(view(*args, **kwargs))
            limiter.count(group)
            quota = quota_of(group)
            response.headers["X-RateLimit-Limit"] = str(quota["limit"])
            response.headers["X-RateLimit-Remaining"] = str(quota["remaining"])
            return response

        return wrapper

    return decorate
