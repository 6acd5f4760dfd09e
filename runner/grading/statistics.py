"""How candidates fare with a challenge: what each requirement and each hidden test tells about them. Pure.

Discrimination is the corrected item-total correlation of classical test theory: Pearson's between having met a
requirement and the share of the others that were met (see Crocker and Algina, "Introduction to Classical and Modern
Test Theory", 1986, chapter 14). Near 0 a requirement tells nothing of who is good at the rest; below 0 it is the other
way round, and something is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import correlation, median

#: Fewer candidates than this tell nothing of a correlation.
LEAST_FOR_CORRELATION = 10
#: A test that so many candidates were held to and that told none of them from another is pointed out.
LEAST_FOR_USELESS = 10


@dataclass(frozen=True, slots=True)
class Attempt:
    """A graded submission. `met`: by requirement. `began_at`: when the candidate's time began, if it is known."""

    candidate: str
    at: datetime
    began_at: datetime | None
    score: int
    met: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class RequirementStatistics:
    """Of 1: `pass_rate` by each candidate's best attempt. `minutes`: the median of those who met it, until they first
    did. `discrimination`: -1 to 1, None where there are too few or all did alike."""

    pass_rate: float
    minutes: float | None
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class ChallengeStatistics:
    """`solved`: of 1, how many candidates had all points. `mean`: of their best scores."""

    candidates: int
    attempts: int
    solved: float
    mean: float
    requirements: Mapping[str, RequirementStatistics]


def statistics_of(attempts: Sequence[Attempt]) -> ChallengeStatistics | None:
    """What the attempts at a challenge tell; None where there is none."""
    if not attempts:
        return None
    by_candidate: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in sorted(attempts, key=lambda each: each.at):
        by_candidate[attempt.candidate].append(attempt)
    best = [max(each, key=lambda attempt: attempt.score) for each in by_candidate.values()]
    names = sorted({name for attempt in best for name in attempt.met})
    return ChallengeStatistics(
        candidates=len(best),
        attempts=len(attempts),
        solved=sum(attempt.score == 100 for attempt in best) / len(best),
        mean=sum(attempt.score for attempt in best) / len(best),
        requirements={
            name: RequirementStatistics(
                _share_of([attempt.met[name] for attempt in best if name in attempt.met]),
                _minutes(name, by_candidate.values()),
                _discrimination(name, [attempt for attempt in best if name in attempt.met]),
            )
            for name in names
        },
    )


def _share_of(met: Sequence[bool]) -> float:
    """A challenge may have been given a requirement later: who was not held to it does not count."""
    return sum(met) / len(met)


def _minutes(name: str, candidates: Iterable[Sequence[Attempt]]) -> float | None:
    found = []
    for attempts in candidates:
        first = next((each for each in attempts if each.met.get(name)), None)
        if first is not None and first.began_at is not None:
            found.append((first.at - first.began_at).total_seconds() / 60)
    return median(found) if found else None


def _discrimination(name: str, best: Sequence[Attempt]) -> float | None:
    mine = [float(attempt.met[name]) for attempt in best]
    rest = [
        sum(met for other, met in attempt.met.items() if other != name) / max(1, len(attempt.met) - 1)
        for attempt in best
    ]
    if len(best) < LEAST_FOR_CORRELATION or len(set(mine)) == 1 or len(set(rest)) == 1:
        return None
    return correlation(mine, rest)


@dataclass(frozen=True, slots=True)
class TestCount:
    """How often a hidden test passed and did not, over candidates' best attempts."""

    __test__ = False

    test: str
    is_fix: bool
    passed: int
    failed: int


def remark_on(count: TestCount) -> str:
    """What is the matter with a test, as a sentence for its author; empty where nothing is seen to be."""
    held = count.passed + count.failed
    if held < LEAST_FOR_USELESS:
        return ""
    if count.is_fix and not count.failed:
        return f"All {held} candidates pass it: it tells none from another."
    if not count.passed:
        return f"None of {held} candidates passes it: is it fair?"
    return ""
