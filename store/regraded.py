"""Regrades as plain values: many submissions graded again, whose grades count once somebody applies them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.states import GradingState

#: Submissions of one regrade at most: they are queued in one transaction, for which others wait.
MOST_SUBMISSIONS = 5000
#: Characters of a reason.
MOST_REASON = 500


class RegradeState(StrEnum):
    """Whether a regrade is decided about. Its grades count when it is applied, and at no other time."""

    OPEN = "open"
    APPLIED = "applied"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class NewRegrade:
    """A regrade to begin. `challenge_digest`: of the package as it is now, so that a later change of it is noticed.

    `source`: of the assessment whose candidates alone it is for; None: of all.
    """

    challenge: str
    challenge_digest: str
    reason: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class RegradeRecord:
    """A regrade. `submissions`: how many it had to grade when it began. `author`, `ended_by`: of users or tokens."""

    id: str
    challenge: str
    challenge_digest: str
    source: str | None
    reason: str
    author: str
    created_at: datetime
    submissions: int
    state: RegradeState
    ended_at: datetime | None
    ended_by: str | None
    end_reason: str | None


@dataclass(frozen=True, slots=True)
class RegradeProgress:
    """How many of a regrade's submissions are in which state, each by the last time that it was tried."""

    waiting: int = 0
    running: int = 0
    graded: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """All: as many as when it began, but for candidates who were erased since."""
        return self.waiting + self.running + self.graded + self.failed

    @property
    def done(self) -> int:
        """How many are graded or failed."""
        return self.graded + self.failed

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is queued or running."""
        return not self.waiting and not self.running


def progress_of(counts: Mapping[GradingState, int]) -> RegradeProgress:
    """From how many there are in each state; one that is not named has none."""
    return RegradeProgress(*(counts.get(state, 0) for state in GradingState))


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The best score of a candidate in the challenge, without the regrade and with it."""

    token_id: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """Of how many submissions a requirement is met only with the regrade, and only without it."""

    id: str
    title: str
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class FailedRegrading:
    """A submission that the platform failed to grade in a regrade."""

    submission_id: str
    token_id: str
    message: str
