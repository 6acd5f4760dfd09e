"""From the scores of challenges to the score of an assessment: pure, and exact until the end.

    area    = weighted mean of the scores of its challenges
    score   = sum of area × weight of the area ÷ 100, rounded half up to a whole number

What is not there yet counts nothing and is named, so that nobody reads a part for the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from runner.assessments.model import Assessment
from runner.packages.manifest import Area


@dataclass(frozen=True, slots=True)
class AssessmentScore:
    """`score` of 100, and whether it reaches the pass line. `areas`: of 100 each, for areas that have a weight.

    `missing`: slugs without a grade, and `problem solving` without a review: with any, the score may still rise.
    """

    score: int
    passed: bool
    areas: Mapping[Area, Fraction]
    missing: tuple[str, ...]


def score(
    assessment: Assessment,
    areas: Mapping[str, Area],
    scores: Mapping[str, int],
    problem_solving: int | None = None,
) -> AssessmentScore:
    """The assessment's score. `areas`: of its challenges, by slug; `scores`: of 100, of those that have a grade;
    `problem_solving`: what reviewers gave, of 100, which counts half where challenges of that area count, too.
    """
    missing = [chosen.slug for chosen in assessment.challenges if chosen.slug not in scores]
    found: dict[Area, Fraction] = {}
    for area in Area:
        if not assessment.weight_of(area):
            continue
        chosen = [each for each in assessment.challenges if areas[each.slug] is area]
        total = sum(each.weight for each in chosen)
        earned = sum(each.weight * scores.get(each.slug, 0) for each in chosen)
        parts = [Fraction(earned, total)] if total else []
        if area is Area.PROBLEM_SOLVING:
            parts.append(Fraction(problem_solving or 0))
            missing += [area.value] if problem_solving is None else []
        found[area] = sum(parts, Fraction(0)) / len(parts)
    exact = sum((value * assessment.weight_of(area) for area, value in found.items()), Fraction(0)) / 100
    whole = int(exact + Fraction(1, 2))
    return AssessmentScore(whole, whole >= assessment.pass_line, found, tuple(missing))
