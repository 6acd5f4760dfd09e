"""Rate limits: `@limited("lookup")` lets a view answer only so many requests of one client per window.

The window slides. What was let through is one sorted set for each client and group, by time. A script asks whether there
is room and takes it; Redis runs one script at a time, so that neither a thread nor another worker can come between.
"""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple
from uuid import uuid4

from flask import Flask, Response, after_this_request, current_app, g, request
from redis import Redis
from werkzeug.exceptions import TooManyRequests

View = Callable[..., Any]

#: KEYS: the client's set. ARGV: now, what counts no more, the limit, a name for this request, the window in ms.
TAKE = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2])
local used, limit = redis.call('ZCARD', KEYS[1]), tonumber(ARGV[3])
if used >= limit then
    return {0, redis.call('ZRANGE', KEYS[1], used - limit, used - limit, 'WITHSCORES')[2]}
end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return {limit - used, ARGV[1]}
"""


class Decision(NamedTuple):
    """Whether a request goes through, and what is left after it."""

    allowed: bool
    remaining: int
    retry_after_s: int


class RateLimiter:
    """The requests let through in the last `window_s` seconds, by client and group."""

    def __init__(self, redis: Redis, window_s: float) -> None:
        self.window_s = window_s
        self._redis = redis

    def take(self, client: str, limit: int) -> Decision:
        """Let one request through and note it, or refuse it and note nothing."""
        now = time.time()
        room, since = self._redis.eval(
            TAKE, 1, f"rate:{client}", now, now - self.window_s, limit, uuid4().hex, math.ceil(self.window_s * 1000)
        )
        wait_s = math.ceil(float(since) + self.window_s - now)
        return Decision(room > 0, max(0, room - 1), max(1, wait_s))

    def used(self, client: str) -> int:
        """Requests that count at present."""
        return self._redis.zcount(f"rate:{client}", f"({time.time() - self.window_s}", "+inf")


def init_app(app: Flask) -> None:
    """Give the app its limiter."""
    redis = app.config["RATE_REDIS"] or Redis.from_url(app.config["RATE_REDIS_URL"])
    app.extensions["rate_limiter"] = RateLimiter(redis, app.config["RATE_WINDOW_S"])


def get_limiter() -> RateLimiter:
    """The limiter of the current app."""
    limiter: RateLimiter = current_app.extensions["rate_limiter"]
    return limiter


def client_of(group: str) -> str:
    """Who calls: the account behind the key, or the connection's own address. Never what a header claims."""
    return f"{group}:{request.remote_addr if group == 'public' else g.account.id}"


def limit_of(group: str) -> int:
    """The caller's limit in a group: by the plan of its account, or the one for addresses."""
    limits: dict[str, int] = current_app.config["RATE_LIMITS"][group]
    return limits["address"] if group == "public" else limits[g.account.plan]


def quota_of(group: str) -> dict[str, int]:
    """How much of the caller's limit in a group is used and left."""
    limit = limit_of(group)
    used = min(get_limiter().used(client_of(group)), limit)
    return {"limit": limit, "used": used, "remaining": limit - used}


def limited(group: str) -> Callable[[View], View]:
    """Limit a view's requests. Goes below `require_key`, whose account decides the limit."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            limit = limit_of(group)
            decision = get_limiter().take(client_of(group), limit)

            @after_this_request
            def add_headers(response: Response) -> Response:
                response.headers["X-RateLimit-Limit"] = str(limit)
                response.headers["X-RateLimit-Remaining"] = str(decision.remaining)
                return response

            if not decision.allowed:
                raise TooManyRequests(retry_after=decision.retry_after_s)
            return view(*args, **kwargs)

        return wrapper

    return decorate
