"""`assessments/<name>.toml`: strict and versioned. Unknown keys are errors.

    format = 1
    title = "Backend developer, mid level"
    version = "1.0.0"
    summary = "One sentence for lists."
    minutes = 180                        # optional: for all of it; the sum of its challenges unless given
    pass_line = 65                       # points of 100
    attempts = 5                         # submissions to each challenge; 0: no limit
    candidates_see = "requirements"      # optional: of their grade; or "score", or "receipt"

    [weights]                            # percent of the points by area, these unless given; they add up to 100
    core = 25
    practical = 35
    production = 25
    "problem solving" = 15

    [[challenges]]
    slug = "n-plus-one"
    minutes = 60                         # optional: the challenge's own unless given
    weight = 1                           # against the others of its area

An area's points are shared by its challenges. Those for problem solving come from reviewers, who score the candidate's
written explanation, and from challenges of that area where there are some.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from runner.errors import Problem
from runner.packages.manifest import SLUG, Area, Manifest, Strict, Text

WEIGHTS: Mapping[Area, int] = {Area.CORE: 25, Area.PRACTICAL: 35, Area.PRODUCTION: 25, Area.PROBLEM_SOLVING: 15}


class CandidatesSee(StrEnum):
    """What of a grade its candidate sees.

    REQUIREMENTS: all that is not for assessors alone. SCORE: score and verdict. RECEIPT: that it was received and
    graded.
    """

    REQUIREMENTS = "requirements"
    SCORE = "score"
    RECEIPT = "receipt"


class Chosen(Strict):
    """A challenge of the assessment."""

    slug: Annotated[str, StringConstraints(pattern=f"^{SLUG.pattern}$")]
    minutes: int | None = Field(None, ge=5, le=240)
    weight: int = Field(1, ge=1, le=100)


class Assessment(Strict):
    """The whole of an assessment's file."""

    format: Literal[1]
    title: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    summary: Text
    minutes: int | None = Field(None, ge=5, le=600)
    pass_line: int = Field(ge=1, le=100)
    attempts: int = Field(ge=0, le=100)
    candidates_see: CandidatesSee = CandidatesSee.REQUIREMENTS
    weights: dict[Area, Annotated[int, Field(ge=0, le=100)]] = Field(default_factory=lambda: dict(WEIGHTS))
    challenges: tuple[Chosen, ...] = Field(min_length=1)

    def weight_of(self, area: Area) -> int:
        """Percent of the points; 0 for an area that the weights leave out."""
        return self.weights.get(area, 0)

    def minutes_of(self, manifests: Mapping[str, Manifest]) -> int:
        """For all of it. `manifests`: of its challenges, by slug."""
        if self.minutes is not None:
            return self.minutes
        return sum(chosen.minutes or manifests[chosen.slug].minutes for chosen in self.challenges)


def faults(assessment: Assessment, manifests: Mapping[str, Manifest], file: str) -> list[Problem]:
    """What is wrong with an assessment whose form is right, held against the challenges that there are. Pure."""
    problems = [*_challenge_faults(assessment, manifests, file), *_weight_faults(assessment, manifests, file)]
    if not problems and assessment.minutes is not None:
        longest = max(chosen.minutes or manifests[chosen.slug].minutes for chosen in assessment.challenges)
        if assessment.minutes < longest:
            said = (
                f"is {assessment.minutes}, and one of its challenges alone takes {longest}; give more, or leave it out"
            )
            problems.append(Problem(file, "minutes", said))
    return problems


def _challenge_faults(assessment: Assessment, manifests: Mapping[str, Manifest], file: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, chosen in enumerate(assessment.challenges):
        key = f"challenges.{index}.slug"
        if chosen.slug in seen:
            problems.append(Problem(file, key, f"names {chosen.slug} again; take it out"))
        elif chosen.slug not in manifests:
            said = f"there is no challenge {chosen.slug}; see: mendbox challenge list"
            problems.append(Problem(file, key, said))
        elif not assessment.weight_of(manifests[chosen.slug].area):
            area = manifests[chosen.slug].area.value
            said = f"{chosen.slug} is of the area {area}, which weighs nothing here; give it a weight, or take it out"
            problems.append(Problem(file, key, said))
        seen.add(chosen.slug)
    return problems


def _weight_faults(assessment: Assessment, manifests: Mapping[str, Manifest], file: str) -> list[Problem]:
    total = sum(assessment.weights.values())
    problems = [] if total == 100 else [Problem(file, "weights", f"add up to {total}, they must add up to 100")]
    asked = {manifests[chosen.slug].area for chosen in assessment.challenges if chosen.slug in manifests}
    if any(chosen.slug not in manifests for chosen in assessment.challenges):
        return problems  # of what area those are nobody knows
    for area, weight in assessment.weights.items():
        # Reviewers score the explanation, whatever challenge it is about.
        if weight and area not in asked and area is not Area.PROBLEM_SOLVING:
            said = f"is {weight}, and no challenge here is of that area; add one, or give the weight to others"
            problems.append(Problem(file, f"weights.{area.value}", said))
    return problems
