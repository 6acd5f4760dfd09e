"""That an attack is judged by what holds for any suite and any limits of a challenge."""

from __future__ import annotations

import pytest

from runner.attacks.finder import find_attacks
from runner.attacks.judge import Attempt, gains
from runner.attacks.limits import CEILINGS, limits_under
from runner.attacks.model import Attack, Threat
from runner.attacks.payload import SEEN
from runner.grading.models import Grade
from runner.limits import MIB, Limits
from tests.store.examples import make_test

ATTACK = Attack(name="mine", threat=Threat.ESCAPE, tries="something long", stopped_by=("apart",), code="pass")


def attempt(*outputs: str, largest: int = 0) -> Attempt:
    """A grading that earned nothing, with what its tests printed."""
    tests = [make_test(number, app_output=output, message=None) for number, output in enumerate(outputs)]
    grade = Grade.model_construct(
        score=0, tests=tests, requirements=[], start_output=None, outcome_message=None, facts={}
    )
    return Attempt(grade, largest_answer_bytes=largest)


def gained(tried: Attempt) -> list[str]:
    return gains(ATTACK, tried, base_score=0, canary="CANARY")


@pytest.mark.parametrize(
    ("outputs", "carried"),
    [
        ((f"{SEEN} mine a\n{SEEN} mine a", f"{SEEN} mine b"), False),  # several apps, or many requests, in one test
        ((f"{SEEN} mine a", f"{SEEN} mine b\n{SEEN} mine a"), True),
        ((f"{SEEN} another a", f"{SEEN} another a"), False),
        (("the same", "the same"), False),
    ],
)
def test_a_thing_seen_in_two_tests_has_passed_from_one_to_the_other(outputs: tuple[str, str], carried: bool) -> None:
    expected = ["what test_cart.py::test_0 left was there in test_cart.py::test_1"] if carried else []
    assert gained(attempt(*outputs)) == expected


def test_an_answer_is_too_large_when_it_came_through_and_not_when_it_was_sent() -> None:
    most = CEILINGS.response_kb * 1024
    assert gained(attempt("", largest=most)) == []
    assert gained(attempt("", largest=most + 1)) == [f"an answer of {most + 1} bytes came through"]


def test_output_is_judged_for_each_test_however_many_there_are() -> None:
    assert gained(attempt(*["x" * 64 * 1024] * 200)) == []
    assert gained(attempt("x" * MIB)) == [f"{MIB} characters of one test's output were kept"]


def test_limits_are_too_small_for_an_attack_on_every_challenge() -> None:
    generous = Limits(memory_mb=2048, pids=1024, tmpfs_mb=512, tmpfs_inodes=65536, response_kb=8192, output_kb=1024)
    assert limits_under(ATTACK, generous, 10) == CEILINGS
    strict = Limits(memory_mb=128, pids=64, tmpfs_mb=16, tmpfs_inodes=512, response_kb=64, output_kb=4)
    assert limits_under(ATTACK, strict, 10) == strict
    assert limits_under(ATTACK, Limits(), 10) == Limits(), "warm pairs have the default limits"


@pytest.mark.parametrize("tests", [0, 3, 200])
@pytest.mark.parametrize("limits", [Limits(), Limits(request_s=30, test_s=60, grading_s=600), Limits(grading_s=16)])
def test_deadlines_nest_for_every_attack_and_leave_each_test_its_time(limits: Limits, tests: int) -> None:
    for attack in find_attacks():
        under = limits_under(attack, limits, tests)
        assert under.request_s < under.test_s < under.grading_s
        if "grading_s" in attack.limits:
            assert under.grading_s >= min(600, tests * under.request_s)
