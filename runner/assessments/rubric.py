"""How reviewers score what a candidate wrote about their fixes: the points of an assessment for problem solving. Pure.

Each criterion has anchors, so that two who score alone mean the same by a number (as structured interviews do: see
Campion, Palmer and Campion, "A review of structure in the selection interview", Personnel Psychology 50, 1997).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: The most points of a criterion.
MOST = 4
#: So many reviews make a score.
REVIEWERS = 2


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is scored. `anchors`: what none, half and all of the points mean."""

    name: str
    title: str
    anchors: tuple[str, str, str]


RUBRIC: tuple[Criterion, ...] = (
    Criterion(
        "cause",
        "Finds the cause",
        (
            "Repeats the symptom, or names a cause that is none",
            "Names what is wrong in the code, not how it comes to the symptom",
            "Says what is wrong, how it comes to the symptom, and how that was found out",
        ),
    ),
    Criterion(
        "choice",
        "Argues for the fix",
        (
            "Says what was changed",
            "Says why it works",
            "Says why it works, what else was possible, and what this one costs",
        ),
    ),
    Criterion(
        "limits",
        "Sees the limits",
        (
            "Names none",
            "Names a case that the fix does not cover, or a risk",
            "Names cases and risks that matter in use: load, other processes, old data, attackers",
        ),
    ),
    Criterion(
        "next",
        "Knows what comes next",
        (
            "Nothing, or nothing that belongs here",
            "A test or a follow-up that makes sense",
            "What to do first and why: tests, data that the fault has spoilt, watching it in use, whom to tell",
        ),
    ),
    Criterion(
        "clarity",
        "Writes so that a colleague can follow",
        (
            "Can't be followed without the code",
            "Can be followed with some effort",
            "Short, exact, in an order that helps",
        ),
    ),
)


def checked(points: Mapping[str, int]) -> dict[str, int]:
    """The points of a whole review. Raises ValueError where a criterion is missing, unknown or out of range."""
    names = [criterion.name for criterion in RUBRIC]
    if set(points) != set(names):
        raise ValueError(f"a review has points for each of: {', '.join(names)}")
    if any(not 0 <= value <= MOST for value in points.values()):
        raise ValueError(f"a criterion has 0 to {MOST} points")
    return {name: points[name] for name in names}


def percent(points: Mapping[str, int]) -> int:
    """A review's score of 100, rounded half up."""
    total = sum(points.values())
    return (200 * total + MOST * len(RUBRIC)) // (2 * MOST * len(RUBRIC))


def problem_solving(reviews: Sequence[Mapping[str, int]]) -> int | None:
    """The mean of the reviews, rounded half up; None before there are `REVIEWERS` of them: one opinion is no score."""
    if len(reviews) < REVIEWERS:
        return None
    scores = [percent(review) for review in reviews]
    return (2 * sum(scores) + len(scores)) // (2 * len(scores))


def differences(reviews: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """By how many points the reviews are apart, by criterion."""
    return {
        criterion.name: max(each[criterion.name] for each in reviews) - min(each[criterion.name] for each in reviews)
        for criterion in RUBRIC
    }
