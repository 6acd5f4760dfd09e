"""A candidate's time: it runs from when they begin, and stands still while the platform keeps them waiting. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: What was sent within so long after the end was sent in time: it was on its way, or a page counted a moment behind.
GRACE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Wait:
    """The platform kept the candidate waiting from `since` to `until`; None: it still does."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """How a candidate's time stands.

    `left`: zero once it is used up. `waited`: for how long it stood still so far. `ends_at`: when it will have run out,
    or ran out; None while it stands still, which nobody can say the end of.
    """

    allowed: timedelta
    left: timedelta
    waited: timedelta
    ends_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it stands still."""
        return self.ends_at is None

    def is_over(self, now: datetime) -> bool:
        """Whether nothing more is taken in: the time is used up, and so is the grace after it."""
        return self.ends_at is not None and now > self.ends_at + GRACE


def without(waits: Iterable[Wait], busy: Sequence[Wait]) -> list[Wait]:
    """The waits as far as they are the platform's: not while something else of the candidate's own was being graded.

    Or whoever sends many at once, or what takes long, would make their own time stand still.
    """
    found = list(waits)
    for own in busy:
        parts = [part for wait in found for part in _cut(wait, own)]
        found = parts
    return found


def _cut(wait: Wait, own: Wait) -> list[Wait]:
    """What of a wait is before and after another stretch of time."""
    before = own.since if wait.until is None else min(own.since, wait.until)
    parts = [Wait(wait.since, before)] if wait.since < before else []
    if own.until is None:
        return parts
    after = max(own.until, wait.since)
    if wait.until is None or after < wait.until:
        parts.append(Wait(after, wait.until))
    return parts


def clock(began_at: datetime, allowed: timedelta, waits: Iterable[Wait], now: datetime) -> Clock:
    """How the time stands at `now`. Waits may overlap; one that begins after the time has run out gives none back."""
    used, waited, running_since = timedelta(), timedelta(), began_at
    for wait in sorted(waits, key=lambda each: each.since):
        since = max(wait.since, running_since)
        ends_at = running_since + (allowed - used)
        if since >= ends_at or since > now:
            break
        if wait.until is None:
            used += since - running_since
            return Clock(allowed, allowed - used, waited + (now - since), None)
        until = min(wait.until, now)
        if until > since:
            used += since - running_since
            waited += until - since
            running_since = until
    ends_at = running_since + (allowed - used)
    return Clock(allowed, max(timedelta(), ends_at - now), waited, ends_at)
