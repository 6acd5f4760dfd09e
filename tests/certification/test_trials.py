"""Trials: what is planned, what of it is a problem, and what a suite that depends on luck or place shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from runner.certification.load import busy_cores
from runner.certification.trials import (
    Trial,
    Tried,
    planned_trials,
    problems_of,
    proposed_limits,
    run_trials,
    timed,
)
from runner.grading.report import Outcome, RunReport, Sandbox, TestReport, TestStatus
from runner.packages.package import ChallengePackage
from runner.surroundings import HERE_AND_NOW, SURROUNDINGS, Surroundings, surroundings_for

SPRING = SURROUNDINGS[3]


def tried(
    seed: int, surroundings: Surroundings = HERE_AND_NOW, *, fails: tuple[str, ...] = (), s: float = 0.1
) -> Tried:
    names = ("test_a.py::test_one", "test_a.py::test_two[x]")
    tests = tuple(
        TestReport(name, TestStatus.FAILED if name in fails else TestStatus.PASSED, s, detail="assert 1 == 2")
        for name in names
    )
    report = RunReport(Outcome.COMPLETED, dict.fromkeys(names, "R1"), tests, startup_s=0.5, tests_s=2 * s)
    return Tried(Trial("clamped", seed, surroundings), report)


def test_every_fix_is_tried_as_often_and_in_all_surroundings(package: ChallengePackage) -> None:
    trials = planned_trials(package)
    assert Counter(trial.fix for trial in trials) == dict.fromkeys(package.fixes, 20)
    for fix in package.fixes:
        of = [trial for trial in trials if trial.fix == fix]
        assert sorted(trial.seed for trial in of) == list(range(1, 21))
        assert {trial.surroundings for trial in of} == set(SURROUNDINGS)


def test_no_clock_is_moved_beside_a_server_whose_clock_stays() -> None:
    assert [each.at for each in surroundings_for(("postgres",))] == [None] * 3
    assert len({each.zone for each in surroundings_for(("postgres",))}) == 3


def test_what_passes_in_every_run_is_no_problem() -> None:
    assert problems_of([tried(seed) for seed in range(1, 21)]) == []


def test_a_test_that_fails_now_and_then_is_told_with_how_often_and_with_which_seed() -> None:
    one = ("test_a.py::test_two[x]",)
    runs = [tried(seed, fails=one if seed in (7, 9) else ()) for seed in range(1, 21)]
    (problem,) = problems_of(runs)
    assert (problem.file, problem.key) == ("hidden/test_a.py", "test_two")
    assert "fixes/clamped in 2 of 20 runs" in problem.message
    assert "seed 7" in problem.message
    assert "assert 1 == 2" in problem.message


def test_a_test_that_fails_in_one_place_alone_is_told_with_the_place() -> None:
    one = ("test_a.py::test_one",)
    runs = [tried(seed) for seed in range(1, 5)] + [tried(seed, SPRING, fails=one) for seed in (5, 6)]
    (problem,) = problems_of(runs)
    assert f"always in {SPRING.name}" in problem.message


def test_a_run_that_found_no_test_is_a_problem() -> None:
    nothing = RunReport(Outcome.CRASHED, {}, (), outcome_message="The app did not start")
    (problem,) = problems_of([tried(1), Tried(Trial("clamped", 2, HERE_AND_NOW), nothing)])
    assert "The app did not start" in problem.message


def test_times_are_the_95th_percentile_and_limits_leave_room() -> None:
    runs = [tried(seed, s=seed / 10) for seed in range(1, 21)]
    assert {test.id: test.p95_s for test in timed(runs)} == {
        "test_a.py::test_one": 1.9,
        "test_a.py::test_two[x]": 1.9,
    }
    limits = proposed_limits(runs)
    assert (limits.app_start_s, limits.test_s, limits.grading_s) == (3.0, 10.0, 22.0)


def test_a_suite_that_depends_on_the_date_or_on_luck_is_found(sandbox: Sandbox, package: ChallengePackage) -> None:
    fragile = b"""
import datetime

from mendbox.testing import requirement


@requirement("R1", "of a year")
def test_of_a_year(client):
    assert datetime.datetime.now().year < 2030


@requirement("R1", "of luck")
def test_of_luck(client, seed):
    assert seed != 3


@requirement("R1", "of nothing")
def test_of_nothing(client):
    pass
"""
    changed = replace(package, hidden={"test_fragile.py": fragile})
    trials = [each for each in planned_trials(changed, 8) if each.fix == "clamped"]
    ran: list[str] = []
    with busy_cores(1):
        found = problems_of(run_trials(changed, trials, sandbox, jobs=2, ran=ran.append))
    assert sorted(ran) == sorted(each.surroundings.name for each in trials)
    assert {problem.key for problem in found} == {"test_of_a_year", "test_of_luck"}
    said = {problem.key: problem.message for problem in found}
    assert "first in the end of 32 bits of seconds" in said["test_of_a_year"]
    assert "in 1 of 8 runs" in said["test_of_luck"]
    assert "seed 3" in said["test_of_luck"]
