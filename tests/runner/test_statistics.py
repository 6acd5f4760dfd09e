"""What attempts tell of a challenge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from runner.grading.statistics import (
    LEAST_FOR_CORRELATION,
    Attempt,
    TestCount,
    remark_on,
    statistics_of,
)

BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def attempt(candidate: str, minute: int, score: int, *met: str, knows_begin: bool = True) -> Attempt:
    names = ("R1", "R2", "R3")
    began_at = BEGAN if knows_begin else None
    return Attempt(candidate, BEGAN + timedelta(minutes=minute), began_at, score, {name: name in met for name in names})


def test_nothing_tells_nothing() -> None:
    assert statistics_of([]) is None


def test_the_best_attempt_of_each_candidate_counts_and_the_time_until_they_first_met_something() -> None:
    found = statistics_of(
        [
            attempt("ada", 30, 100, "R1", "R2", "R3"),
            attempt("ada", 10, 40, "R1"),
            attempt("ada", 40, 0),
            attempt("grace", 20, 40, "R1"),
            attempt("ken", 50, 0, knows_begin=False),
            attempt("linus", 60, 60, "R1", "R2", knows_begin=False),
        ]
    )
    assert found is not None
    assert (found.candidates, found.attempts, found.solved, found.mean) == (4, 6, 0.25, 50)
    one, two, three = (found.requirements[name] for name in ("R1", "R2", "R3"))
    assert (one.pass_rate, one.minutes) == (0.75, 15)
    assert (two.pass_rate, two.minutes) == (0.5, 30)
    assert (three.pass_rate, three.minutes) == (0.25, 30)
    assert {each.discrimination for each in found.requirements.values()} == {None}  # too few


def test_what_the_good_meet_discriminates_and_what_the_others_meet_does_so_the_other_way() -> None:
    good = [attempt(f"g{number}", 9, 100, "R1", "R2") for number in range(LEAST_FOR_CORRELATION)]
    others = [attempt(f"o{number}", 9, 0, "R3") for number in range(LEAST_FOR_CORRELATION)]
    found = statistics_of(good + others)
    assert found is not None
    assert (found.requirements["R3"].discrimination or 0) < 0
    mixed = statistics_of([*good, *(attempt(f"o{number}", 9, 0) for number in range(LEAST_FOR_CORRELATION))])
    assert mixed is not None
    assert mixed.requirements["R1"].discrimination == pytest.approx(1)
    assert mixed.requirements["R3"].discrimination is None  # nobody met it
    alike = statistics_of(good)
    assert alike is not None
    assert alike.requirements["R1"].discrimination is None


def test_tests_that_tell_nothing_are_pointed_out() -> None:
    assert remark_on(TestCount("t", True, 20, 0)) == "All 20 candidates pass it: it tells none from another."
    assert remark_on(TestCount("t", False, 20, 0)) == ""  # a guard is to pass
    assert remark_on(TestCount("t", True, 0, 20)) == "None of 20 candidates passes it: is it fair?"
    assert remark_on(TestCount("t", True, 10, 10)) == ""
    assert remark_on(TestCount("t", True, 5, 0)) == ""
