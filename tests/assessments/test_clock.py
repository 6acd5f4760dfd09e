"""A candidate's time stands still while the platform keeps them waiting, and gives nothing away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.assessments.clock import GRACE, Clock, Wait, clock, without

BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(minute: float) -> datetime:
    return BEGAN + timedelta(minutes=minute)


def waits(*pairs: tuple[float, float | None]) -> list[Wait]:
    return [Wait(at(since), None if until is None else at(until)) for since, until in pairs]


def left(found: Clock) -> float:
    return found.left / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("pairs", "now", "minutes_left", "ends"),
    [
        ([], 0, 60, 60),
        ([], 20, 40, 60),
        ([], 90, 0, 60),
        ([(10, 15)], 20, 45, 65),
        ([(10, 15), (30, 32)], 40, 27, 67),
        # Two that overlap, and one within another, are one wait.
        ([(10, 20), (15, 25)], 30, 45, 75),
        ([(10, 30), (15, 20)], 30, 50, 80),
        # It still waits.
        ([(10, None)], 40, 50, None),
        ([(5, 8), (10, None), (12, 20)], 40, 53, None),
        # It waits from this moment on, and one wait ends as the other goes on.
        ([(20, None)], 20, 40, None),
        ([(10, 20), (10, None)], 20, 50, None),
        # It began to wait in time, and the time had run out otherwise.
        ([(59, 70)], 70, 1, 71),
        ([(59, None)], 300, 1, None),
        # It began to wait when the time had run out.
        ([(60, 90)], 95, 0, 60),
        ([(61, None)], 95, 0, 60),
        ([(10, 15), (66, 90)], 95, 0, 65),
        # What began before the candidate did is no wait of theirs, and what ends later than now is not over.
        ([(-20, -10)], 10, 50, 60),
        ([(-5, 5)], 10, 55, 65),
    ],
)
def test_the_clock(
    pairs: list[tuple[float, float | None]], now: float, minutes_left: float, ends: float | None
) -> None:
    found = clock(BEGAN, HOUR, waits(*pairs), at(now))
    assert left(found) == minutes_left
    assert found.ends_at == (None if ends is None else at(ends))
    assert found.stands is (ends is None)


def test_what_was_on_its_way_is_in_time() -> None:
    end = at(60)
    assert not clock(BEGAN, HOUR, [], end + GRACE).is_over(end + GRACE)
    late = end + GRACE + timedelta(seconds=1)
    assert clock(BEGAN, HOUR, [], late).is_over(late)
    assert not clock(BEGAN, HOUR, waits((59, None)), at(300)).is_over(at(300))


@pytest.mark.parametrize(
    ("pairs", "own", "left"),
    [
        ([(10, 20)], [], [(10, 20)]),
        ([(10, 20)], [(12, 15)], [(10, 12), (15, 20)]),
        ([(10, 20)], [(5, 15)], [(15, 20)]),
        ([(10, 20)], [(15, 25)], [(10, 15)]),
        ([(10, 20)], [(5, 25)], []),
        ([(10, 20)], [(20, 30)], [(10, 20)]),
        ([(10, 20)], [(1, 10)], [(10, 20)]),
        ([(10, None)], [(12, 15)], [(10, 12), (15, None)]),
        ([(10, None)], [(12, None)], [(10, 12)]),
        ([(10, None)], [(5, None)], []),
        ([(10, 20)], [(12, None)], [(10, 12)]),
        ([(10, 20), (30, None)], [(12, 14), (16, 40)], [(10, 12), (14, 16), (40, None)]),
    ],
)
def test_nobody_waits_for_the_platform_while_something_else_of_theirs_is_graded(
    pairs: list[tuple[float, float | None]],
    own: list[tuple[float, float | None]],
    left: list[tuple[float, float | None]],
) -> None:
    assert without(waits(*pairs), waits(*own)) == waits(*left)


_MINUTES = st.integers(0, 200)


@given(st.lists(st.tuples(_MINUTES, _MINUTES), max_size=6), _MINUTES, st.integers(1, 120))
def test_it_is_what_counting_minute_by_minute_finds(pairs: list[tuple[int, int]], now: int, allowed: int) -> None:
    used = 0
    for minute in range(now):
        if used < allowed and not any(since <= minute < until for since, until in pairs):
            used += 1
    found = clock(BEGAN, timedelta(minutes=allowed), waits(*pairs), at(now))
    assert left(found) == allowed - used
