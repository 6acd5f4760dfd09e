"""Rate limits: `@limited("lookup")` lets a view answer only so many requests of one client in any window."""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from parcels import rate_store

View = Callable[..., Any]


class RateLimiter:
    """Lets at most a limit of requests per client and group through in any `window_s` seconds."""

    def __init__(self, window_s: float) -> None:
        self.window_s = window_s

    def used(self, client: str) -> int:
        """Requests that count at present."""
        return len(rate_store.times_of(client, time.time() - self.window_s))

    def admit(self, client: str, limit: int) -> tuple[int, int]:
        """(requests left, 0) for one that goes through, (0, seconds to wait) for one that does not."""
        now = time.time()
        rate_store.forget(now - self.window_s)
        admitted, times = rate_store.swap(client, now - self.window_s, now, limit)
        if admitted:
            return limit - len(times), 0
        return 0, max(1, math.ceil(times[-limit] + self.window_s - now))


def init_app(app: Flask) -> None:
    """Give the app its limiter."""
    app.extensions["rate_limiter"] = RateLimiter(app.config["RATE_WINDOW_S"])


def get_limiter() -> RateLimiter:
    """The limiter of the current app."""
    limiter: RateLimiter = current_app.extensions["rate_limiter"]
    return limiter


def client_of(group: str) -> str:
    """The name a caller's requests in a group are kept under."""
    if group == "public":
        return f"public ip {request.remote_addr}"
    return f"{group} account {g.account.id}"


def limit_of(group: str) -> int:
    """The caller's limit in a group: by the plan of its account, or the one for addresses."""
    limits: dict[str, int] = current_app.config["RATE_LIMITS"][group]
    return limits["address"] if group == "public" else limits[g.account.plan]


def quota_of(group: str) -> dict[str, int]:
    """How much of a group's limit is used and left."""
    limit = limit_of(group)
    used = min(get_limiter().used(client_of(group)), limit)
    return {"limit": limit, "used": used, "remaining": limit - used}


def limited(group: str) -> Callable[[View], View]:
    """Limit a view's requests. Goes below `require_key`, whose account decides the limit."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Response:
            limit = limit_of(group)
            remaining, wait_s = get_limiter().admit(client_of(group), limit)
            if wait_s:
                response = refusal(wait_s)
            else:
                try:
                    response = make_response(view(*args, **kwargs))
                except HTTPException as error:
                    response = make_response(current_app.handle_user_exception(error))
            response.headers["X-RateLimit-Limit"] = str(limit)
            response.headers["X-RateLimit-Remaining"] = str(remaining)
            return response

        return wrapper

    return decorate


def refusal(wait_s: int) -> Response:
    """The answer to a request over the limit."""
    error = {"code": "rate_limited", "message": f"Too many requests, try again in {wait_s} seconds."}
    response = jsonify(error=error)
    response.status_code = 429
    response.headers["Retry-After"] = str(wait_s)
    return response
