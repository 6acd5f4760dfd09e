"""How often: quotas in moving windows, counted in the Redis that all processes of the API share.

The counting is done by `limits`, which Flask-Limiter stands on; why not by Flask-Limiter's decorators is in ADR 0016.
A refused attempt is not counted, so whoever waits as long as they are told gets in.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from api.problems import ApiProblem
from runner.errors import PlatformFault
from store.queue import connect
from store.settings import Settings

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86400
#: A request must not wait long for a counter; the queue's own calls may take longer.
_CALL_S = 1.0
#: After Redis did not answer it is not asked for this long, or every request would wait for it.
_GONE_S = 1.0
_log = structlog.get_logger("mendbox.api")


class QuotasUnavailable(PlatformFault):
    """Redis does not answer, so nobody knows how often. Each door decides what follows."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`amount` within any `seconds`; no limit with an amount of 0. `name` stands in headers and keys."""

    name: str
    amount: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Left:
    """What a rule leaves: `remaining` of `rule.amount`, the oldest of which is forgotten in `reset_s` seconds."""

    rule: Rule
    remaining: int
    reset_s: int

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers-10 writes it."""
        return {
            "RateLimit-Policy": f'"{self.rule.name}";q={self.rule.amount};w={self.rule.seconds}',
            "RateLimit": f'"{self.rule.name}";r={self.remaining};t={self.reset_s}',
        }


class Quotas:
    """Counts, for all processes on one Redis. Safe to share between threads; connects at first use."""

    def __init__(self, settings: Settings) -> None:
        # The queue's way to connect, so that every URL that works for it works here, Unix sockets included.
        self._redis = connect(settings.redis_url, call_timeout_s=_CALL_S)
        self._storage = RedisStorage(
            "redis://",
            connection_pool=self._redis.connection_pool,
            key_prefix=f"{settings.queue_prefix}-quota",
            wrap_exceptions=True,
        )
        self._windows = MovingWindowRateLimiter(self._storage)
        self._ask_again_s = 0.0

    def take(self, rules: Sequence[Rule], who: str) -> None:
        """Count one more for `who`. Raises ApiProblem, and counts nothing more, where a rule's amount is reached.

        Raises QuotasUnavailable.
        """
        for index, rule in enumerate(rules):
            with self._asking():
                taken = not rule.amount or self._windows.hit(*_window(rule, who))
            if not taken:
                for earlier in rules[:index]:
                    self._give_back(earlier, who)
                raise too_many(self._left(rule, who))

    def give_back(self, rules: Sequence[Rule], who: str) -> None:
        """Uncount what came to nothing. It is no fault when Redis has gone meanwhile."""
        try:
            for rule in rules:
                self._give_back(rule, who)
        except QuotasUnavailable:
            return

    def left(self, rules: Sequence[Rule], who: str) -> Left | None:
        """What the rule that leaves least leaves; None without a limit. Raises QuotasUnavailable."""
        known = [self._left(rule, who) for rule in rules if rule.amount]
        return min(known, key=lambda left: left.remaining, default=None)

    def _left(self, rule: Rule, who: str) -> Left:
        with self._asking():
            stats = self._windows.get_window_stats(*_window(rule, who))
        return Left(rule, max(0, stats.remaining), max(1, math.ceil(stats.reset_time - time.time())))

    def _give_back(self, rule: Rule, who: str) -> None:
        if not rule.amount:
            return
        item, name = _window(rule, who)
        with self._asking():
            # A window is a list of times, the newest first. Which of the newest goes makes no difference.
            self._redis.lpop(self._storage.prefixed_key(item.key_for(name)))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        if time.monotonic() < self._ask_again_s:
            raise QuotasUnavailable("Redis did not answer a moment ago")
        try:
            yield
        except (StorageError, RedisError, OSError) as error:
            self._ask_again_s = time.monotonic() + _GONE_S
            reason = type(error.__cause__ or error).__name__
            _log.warning("quotas can't be counted", reason=reason)
            raise QuotasUnavailable(f"Redis can't count quotas: {reason}", hint="see that Redis runs") from error


def too_many(left: Left) -> ApiProblem:
    """What to raise where a rule's amount is reached."""
    per = {MINUTE_S: "a minute", HOUR_S: "an hour", DAY_S: "a day"}.get(left.rule.seconds, f"{left.rule.seconds} s")
    return ApiProblem(
        "too-many-requests",
        f"no more than {left.rule.amount} {left.rule.name} in {per}",
        headers={**left.headers(), "Retry-After": str(left.reset_s)},
        hint=f"try again in {left.reset_s} s",
        limit=left.rule.amount,
        window_s=left.rule.seconds,
        retry_after_s=left.reset_s,
    )


def _window(rule: Rule, who: str) -> tuple[RateLimitItemPerSecond, str]:
    # A digest: whatever a name holds, it neither ends up readable in Redis nor runs into another key.
    name = hashlib.sha256(f"{rule.name}\0{who}".encode("utf-8", "surrogatepass")).hexdigest()
    return RateLimitItemPerSecond(rule.amount, rule.seconds, namespace="q"), name
