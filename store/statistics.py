"""How candidates fare, over many submissions. Nothing here names anybody."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from runner.grading.statistics import Attempt, TestCount
from store.assessment_tables import InvitationRow
from store.counting import counts
from store.engine import Database
from store.records import Role
from store.states import GradingState
from store.tables import GradingRow, GradingTestRow, SubmissionRow, TokenRow

T = TypeVar("T")

#: Submissions to a challenge that are looked at: the last ones.
MOST = 1000
#: Of whom each hidden test is looked at.
MOST_CANDIDATES = 300
#: Seconds for which what is counted over everything is kept.
KEPT_S = 60.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one challenge: candidates, their graded submissions, and the mean of all scores."""

    candidates: int
    attempts: int
    mean: float


@dataclass(frozen=True, slots=True)
class FailedGrading:
    """A grading that the platform gave up."""

    submission_id: str
    challenge: str
    at: datetime | None
    tries: int
    message: str


class Statistics:
    """Over candidates' submissions; what assessors send themselves is left out."""

    def __init__(self, database: Database, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock_s = clock_s
        self._kept: dict[str, tuple[float, Any]] = {}

    def _at_most_old(self, name: str, find: Callable[[], T]) -> T:
        """What goes over much of what there is, is kept for a while: what it says may be a minute old."""
        now_s, kept = self._clock_s(), self._kept.get(name)
        if kept is None or now_s - kept[0] >= KEPT_S:
            kept = self._kept[name] = (now_s, find())
        found: T = kept[1]
        return found

    def tallies(self) -> dict[str, Tally]:
        """By challenge, of those that candidates sent something to."""
        return self._at_most_old("tallies", self._tallies)

    def _tallies(self) -> dict[str, Tally]:
        query = (
            select(
                SubmissionRow.challenge,
                func.count(SubmissionRow.token_id.distinct()),
                func.count(),
                func.avg(GradingRow.score),
            )
            .join(GradingRow, GradingRow.submission_id == SubmissionRow.id)
            .join(TokenRow, TokenRow.id == SubmissionRow.token_id)
            .where(*_counted())
            .group_by(SubmissionRow.challenge)
        )
        with self._database.reading() as connection:
            return {row[0]: Tally(row[1], row[2], float(row[3])) for row in connection.execute(query)}

    def attempts(self, challenge: str) -> list[Attempt]:
        """The last graded submissions of candidates to a challenge."""
        return self._at_most_old(f"attempts {challenge}", lambda: self._attempts(challenge))

    def _attempts(self, challenge: str) -> list[Attempt]:
        query = (
            select(
                SubmissionRow.token_id,
                SubmissionRow.submitted_at,
                InvitationRow.began_at,
                GradingRow.score,
                GradingRow.grade["requirements"],
            )
            .join(GradingRow, GradingRow.submission_id == SubmissionRow.id)
            .join(TokenRow, TokenRow.id == SubmissionRow.token_id)
            .outerjoin(InvitationRow, InvitationRow.token_id == SubmissionRow.token_id)
            .where(*_counted(), SubmissionRow.id.in_(_last_sent(challenge)))
            .order_by(SubmissionRow.submitted_at.desc())
        )
        with self._database.reading() as connection:
            return [
                Attempt(row[0], row[1], row[2], row[3], {each["id"]: each["status"] == "met" for each in row[4]})
                for row in connection.execute(query)
            ]

    def tests(self, challenge: str) -> Sequence[TestCount]:
        """How often each hidden test passed, over the last graded submission of each of the last candidates."""
        return self._at_most_old(f"tests {challenge}", lambda: self._tests(challenge))

    def _tests(self, challenge: str) -> Sequence[TestCount]:
        passed = func.sum(case((GradingTestRow.status == "passed", 1), else_=0))
        with self._database.reading() as connection:
            gradings = connection.execute(
                select(SubmissionRow.token_id, GradingRow.id)
                .join(GradingRow, GradingRow.submission_id == SubmissionRow.id)
                .join(TokenRow, TokenRow.id == SubmissionRow.token_id)
                .where(*_counted(), SubmissionRow.id.in_(_last_sent(challenge)))
                .order_by(SubmissionRow.submitted_at.desc())
            ).all()
            # The first of each is the last.
            last: dict[str | None, str] = {}
            for token_id, grading in gradings:
                if token_id in last or len(last) < MOST_CANDIDATES:
                    last.setdefault(token_id, grading)
            rows = connection.execute(
                select(GradingTestRow.test_id, GradingTestRow.kind, passed, func.count())
                .where(GradingTestRow.grading_id.in_(sorted(last.values())))
                .group_by(GradingTestRow.test_id, GradingTestRow.kind)
                .order_by(GradingTestRow.test_id)
            ).all()
        return [TestCount(row[0], row[1] == "fix", int(row[2]), int(row[3]) - int(row[2])) for row in rows]

    def failed(self, *, limit: int = 50) -> list[FailedGrading]:
        """Gradings that the platform gave up and that nobody has had graded again, the last first.

        Those of a regrade stand on its own page.
        """
        later = aliased(GradingRow)
        query = (
            select(
                SubmissionRow.id,
                SubmissionRow.challenge,
                GradingRow.finished_at,
                GradingRow.tries,
                GradingRow.error_message,
            )
            .join(SubmissionRow, SubmissionRow.id == GradingRow.submission_id)
            .where(
                GradingRow.state == GradingState.ERROR,
                GradingRow.regrade_id.is_(None),
                ~select(later.id)
                .where(
                    later.submission_id == GradingRow.submission_id,
                    later.attempt > GradingRow.attempt,
                    counts(later),
                )
                .exists(),
            )
            .order_by(GradingRow.finished_at.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [FailedGrading(*row[:4], row[4] or "") for row in connection.execute(query)]

    def running(self, *, limit: int = 100) -> list[tuple[str, str, datetime | None]]:
        """What is being graded: worker, challenge, and since when."""
        query = (
            select(GradingRow.worker, SubmissionRow.challenge, GradingRow.started_at)
            .join(SubmissionRow, SubmissionRow.id == GradingRow.submission_id)
            .where(GradingRow.state == GradingState.RUNNING)
            .order_by(GradingRow.started_at)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [(row[0] or "", row[1], row[2]) for row in connection.execute(query)]


def _last_sent(challenge: str) -> Select[str]:
    """The last submissions to a challenge: found by an index, before anything is joined to them."""
    return (
        select(SubmissionRow.id)
        .where(SubmissionRow.challenge == challenge)
        .order_by(SubmissionRow.submitted_at.desc(), SubmissionRow.id.desc())
        .limit(MOST)
    )


def _counted() -> tuple[ColumnElement[bool], ...]:
    """A candidate's, and of each submission the latest grade that counts."""
    later = aliased(GradingRow)
    return (
        TokenRow.role == Role.CANDIDATE,
        GradingRow.state == GradingState.GRADED,
        counts(),
        ~select(later.id)
        .where(
            later.submission_id == GradingRow.submission_id,
            later.state == GradingState.GRADED,
            counts(later),
            later.attempt > GradingRow.attempt,
        )
        .exists(),
    )
