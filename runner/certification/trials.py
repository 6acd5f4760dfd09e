"""Runs the reference fixes again and again in all surroundings, and says which test does not always pass.

That a test passed in every run is no proof that it always does, but one that fails once in ten runs is found by twenty
with a probability of 88 %, and one that fails at a date or in a zone by the first run that has it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from runner.errors import Problem
from runner.grading.proof import place_of, submissions_of
from runner.grading.report import RunReport, Sandbox
from runner.grading.service import GradingOptions, run_suite
from runner.packages.certificate import ProposedLimits, TimedTest
from runner.packages.package import ChallengePackage
from runner.surroundings import Surroundings, surroundings_for

#: Runs of each reference fix.
RUNS = 20
#: A deadline is proposed as so many times what was needed, and no less than so many seconds.
_ROOM, _LEAST_S = 5, 2.0


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of one reference fix. The seed, which also shuffles the tests, is the run's number."""

    fix: str
    seed: int
    surroundings: Surroundings


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial and what it reported."""

    trial: Trial
    report: RunReport


def planned_trials(package: ChallengePackage, runs: int = RUNS) -> list[Trial]:
    """`runs` of each reference fix, by turns and in all surroundings by turns. Pure."""
    known = surroundings_for(package.manifest.services)
    return [
        Trial(name, seed, known[(seed + offset) % len(known)])
        for seed in range(1, runs + 1)
        for offset, name in enumerate(sorted(package.fixes))
    ]


def run_trials(
    package: ChallengePackage,
    trials: Sequence[Trial],
    sandbox: Sandbox,
    *,
    jobs: int,
    ran: Callable[[str], None] = lambda name: None,
) -> list[Tried]:
    """Make every run, `jobs` at a time; `ran` is told each one's surroundings. Raises PlatformFault."""
    submissions, _ = submissions_of(package)

    def one(trial: Trial) -> Tried:
        options = GradingOptions(seed=trial.seed, surroundings=trial.surroundings)
        report = run_suite(package, submissions[f"fixes/{trial.fix}"], sandbox, options)
        ran(trial.surroundings.name)
        return Tried(trial, report)

    with ThreadPoolExecutor(jobs) as threads:
        return list(threads.map(one, trials))


def problems_of(tried: Sequence[Tried]) -> list[Problem]:
    """Each test that did not pass in every run, with how often, where, and what it said first. Pure."""
    problems: list[Problem] = []
    for (fix, test), failed in _failed(tried).items():
        of = sum(each.trial.fix == fix for each in tried)
        where = list(dict.fromkeys(each.trial.surroundings.name for each in failed))
        named = f"always in {where[0]}" if len(where) == 1 < len(failed) else f"first in {where[0]}"
        said = f"does not pass on fixes/{fix} in {len(failed)} of {of} runs, {named} (seed {failed[0].trial.seed})"
        report = failed[0].report
        how = report.how(test) or report.outcome_message or "no test was found"
        problems.append(Problem(*place_of(test), f"{said}: {how}"))
    return problems


def _failed(tried: Sequence[Tried]) -> Mapping[tuple[str, str], list[Tried]]:
    """By fix and test; a run that found no test fails the test without a name."""
    failed: dict[tuple[str, str], list[Tried]] = {}
    for each in tried:
        passed = each.report.passed
        for identity in each.report.collected or [""]:
            if identity not in passed:
                failed.setdefault((each.trial.fix, identity), []).append(each)
    return failed


def timed(tried: Sequence[Tried]) -> tuple[TimedTest, ...]:
    """How long each test took, over all runs. Pure."""
    seconds: dict[str, list[float]] = {}
    for each in tried:
        for test in each.report.tests:
            seconds.setdefault(test.id, []).append(test.duration_s)
    return tuple(TimedTest(id=identity, p95_s=round(_p95(seconds[identity]), 3)) for identity in sorted(seconds))


def proposed_limits(tried: Sequence[Tried]) -> ProposedLimits:
    """Deadlines with room, and not far above what is needed, so that an app that hangs is told soon. Pure."""
    return ProposedLimits(
        app_start_s=_with_room(_p95(each.report.startup_s for each in tried)),
        test_s=_with_room(max((test.p95_s for test in timed(tried)), default=0.0)),
        grading_s=_with_room(_p95(each.report.startup_s + each.report.tests_s for each in tried)),
    )


def _with_room(needed_s: float) -> float:
    return float(math.ceil(max(_LEAST_S, _ROOM * needed_s)))


def _p95(values: Iterable[float]) -> float:
    """The smallest value that 95 of 100 do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[math.ceil(0.95 * len(ordered)) - 1] if ordered else 0.0
