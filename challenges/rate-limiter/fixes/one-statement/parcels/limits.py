"""Rate limits: `@limited("lookup")` lets a view answer only so many requests of one client per window.

The window slides. What was let through is kept in `rate_log`, and one INSERT both asks whether there is
room and takes it, so that neither a thread nor another worker can come between.
"""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from flask import Flask, Response, after_this_request, current_app, g, request
from sqlalchemy import Column, Float, Integer, String, Table, func, insert, literal, select
from werkzeug.exceptions import TooManyRequests

from parcels.extensions import db

View = Callable[..., Any]

rate_log = Table(
    "rate_log",
    db.metadata,
    Column("id", Integer, primary_key=True),
    Column("bucket", String(80), nullable=False, index=True),
    Column("expires_at", Float, nullable=False, index=True),
)


class Budget(NamedTuple):
    """A caller's budget in one group: the name it is counted under, and its size."""

    bucket: str
    limit: int


def init_app(app: Flask) -> None:
    """Check the settings; there is no state to set up."""
    if app.config["RATE_WINDOW_S"] <= 0:
        raise ValueError("RATE_WINDOW_S must be positive")


def budget_of(group: str) -> Budget:
    """The budget of whoever sent the present request."""
    limits: dict[str, int] = current_app.config["RATE_LIMITS"][group]
    if group == "public":
        return Budget(f"public/{request.remote_addr}", limits["address"])
    return Budget(f"{group}/{g.account.id}", limits[g.account.plan])


def used(bucket: str) -> int:
    """Requests that count at present."""
    with db.engine.connect() as connection:
        return connection.scalar(_used(bucket, time.time())) or 0


def take(budget: Budget) -> bool:
    """Use up one request of a budget; false, and nothing used, when none is left."""
    now = time.time()
    row = select(literal(budget.bucket), literal(now + current_app.config["RATE_WINDOW_S"], Float)).where(
        _used(budget.bucket, now).scalar_subquery() < budget.limit
    )
    with db.engine.begin() as connection:
        connection.execute(rate_log.delete().where(rate_log.c.expires_at <= now))
        return connection.execute(insert(rate_log).from_select(["bucket", "expires_at"], row)).rowcount == 1


def wait_s(budget: Budget) -> int:
    """Whole seconds until a budget that is used up has room again."""
    with db.engine.connect() as connection:
        frees_at = connection.scalar(
            select(rate_log.c.expires_at)
            .where(rate_log.c.bucket == budget.bucket)
            .order_by(rate_log.c.expires_at.desc())
            .offset(budget.limit - 1)
            .limit(1)
        )
    return max(1, math.ceil((frees_at or 0) - time.time()))


def _used(bucket: str, now: float) -> Any:
    return select(func.count()).where(rate_log.c.bucket == bucket, rate_log.c.expires_at > now)


def quota_of(group: str) -> dict[str, int]:
    """How much of the caller's budget in a group is used and left."""
    budget = budget_of(group)
    count = min(used(budget.bucket), budget.limit)
    return {"limit": budget.limit, "used": count, "remaining": budget.limit - count}


def limited(group: str) -> Callable[[View], View]:
    """Limit a view's requests. Goes below `require_key`, whose account decides the limit."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            budget = budget_of(group)
            taken = take(budget)
            remaining = max(0, budget.limit - used(budget.bucket)) if taken else 0

            @after_this_request
            def add_headers(response: Response) -> Response:
                response.headers["X-RateLimit-Limit"] = str(budget.limit)
                response.headers["X-RateLimit-Remaining"] = str(remaining)
                return response

            if not taken:
                raise TooManyRequests(retry_after=wait_s(budget))
            return view(*args, **kwargs)

        return wrapper

    return decorate
