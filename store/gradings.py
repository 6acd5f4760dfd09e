"""Gradings as people read them, and new attempts. How workers move them on is `store.claims`."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select

from runner.grading.models import Grade, Verdict
from runner.grading.report import Outcome
from store.audit import write_deed
from store.counting import counts
from store.engine import Database
from store.errors import Conflict, NotFound
from store.events import write_events
from store.records import SYSTEM, Deed, GradingReason, GradingRecord, Priority
from store.regraded import RegradeState
from store.states import FINAL, GradingState
from store.tables import GradingRow, GradingTestRow, RegradeRow, SubmissionRow, table_of

_INSERT = insert(table_of(GradingRow))

#: In the order of GradingRecord's fields.
GRADING_COLUMNS = (
    GradingRow.id,
    GradingRow.submission_id,
    GradingRow.attempt,
    GradingRow.reason,
    GradingRow.state,
    GradingRow.priority,
    GradingRow.seed,
    GradingRow.queued_at,
    GradingRow.started_at,
    GradingRow.finished_at,
    GradingRow.worker,
    GradingRow.tries,
    GradingRow.last_event,
    GradingRow.error_message,
    GradingRow.score,
    GradingRow.verdict,
    GradingRow.outcome,
    GradingRow.regrade_id,
)

_OPEN_REGRADE = (
    select(RegradeRow.id)
    .join(GradingRow, GradingRow.regrade_id == RegradeRow.id)
    .where(GradingRow.submission_id == bindparam("submission"), RegradeRow.state == RegradeState.OPEN)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class NewGrading:
    """A grading to queue."""

    submission_id: str
    seed: int
    attempt: int = 1
    reason: GradingReason = GradingReason.SUBMISSION
    priority: Priority = Priority.INTERACTIVE


class Gradings:
    """Gradings and their grades."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, id: str) -> GradingRecord:  # noqa: A002
        """The grading. Raises NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(*GRADING_COLUMNS).where(GradingRow.id == id)).one_or_none()
        if row is None:
            raise NotFound("grading", id)
        return grading_record(row)

    def history(self, submission_id: str) -> list[GradingRecord]:
        """Every grading of a submission, latest first, also those of regrades that are not applied: for assessors.

        Empty when there is no such submission.
        """
        query = (
            select(*GRADING_COLUMNS)
            .where(GradingRow.submission_id == submission_id)
            .order_by(GradingRow.attempt.desc())
        )
        with self._database.reading() as connection:
            return [grading_record(row) for row in connection.execute(query)]

    def latest(self, submission_id: str) -> GradingRecord:
        """The latest grading of a submission that counts, in whatever state. Raises NotFound where there is none."""
        row = self._last(GradingRow.submission_id == submission_id, counts())
        if row is None:
            raise NotFound("submission", submission_id)
        return row

    def latest_graded(self, submission_id: str) -> GradingRecord | None:
        """The latest grade that counts, also while a newer one waits or has failed; None before there is one."""
        return self._last(GradingRow.submission_id == submission_id, GradingRow.state == GradingState.GRADED, counts())

    def _last(self, *wanted: ColumnElement[bool]) -> GradingRecord | None:
        query = select(*GRADING_COLUMNS).where(*wanted).order_by(GradingRow.attempt.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else grading_record(row)

    def grade(self, id: str) -> Grade | None:  # noqa: A002
        """The grade with its tests; None while there is none. Raises NotFound when there is no such grading."""
        with self._database.reading() as connection:
            row = connection.execute(select(GradingRow.grade).where(GradingRow.id == id)).one_or_none()
            if row is None:
                raise NotFound("grading", id)
            if row.grade is None:
                return None
            tests = connection.execute(
                select(
                    GradingTestRow.test_id.label("id"),
                    GradingTestRow.requirement,
                    GradingTestRow.kind,
                    GradingTestRow.status,
                    GradingTestRow.duration_s,
                    GradingTestRow.message,
                    GradingTestRow.detail,
                    GradingTestRow.app_output,
                )
                .where(GradingTestRow.grading_id == id)
                .order_by(GradingTestRow.position)
            ).all()
        return Grade.model_validate({**row.grade, "tests": [dict(test._mapping) for test in tests]})

    def regrade(
        self, submission_id: str, *, actor: str = SYSTEM, priority: Priority = Priority.REGRADE
    ) -> GradingRecord:
        """Queue another grading of a submission, with the seed of the last, so that only what changed can differ.

        Raises NotFound, or Conflict while the last grading is still queued or running, or a regrade that the submission
        is part of waits to be decided about: which of the two counted would hang on which came first.
        """
        now = self._database.now()
        with self._database.writing() as connection:
            # The lock keeps two regrades from both becoming attempt n + 1.
            if not connection.execute(
                select(SubmissionRow.id).where(SubmissionRow.id == submission_id).with_for_update()
            ).one_or_none():
                raise NotFound("submission", submission_id)
            last = connection.execute(
                select(GradingRow.id, GradingRow.attempt, GradingRow.state, GradingRow.seed)
                .where(GradingRow.submission_id == submission_id)
                .order_by(GradingRow.attempt.desc())
                .limit(1)
            ).one()
            if last.state not in FINAL:
                raise Conflict(
                    f"submission {submission_id} is being graded already: grading {last.id} is {last.state}",
                    hint="wait for that grading to end",
                )
            if connection.execute(_OPEN_REGRADE, {"submission": submission_id}).first() is not None:
                raise Conflict(
                    f"submission {submission_id} is part of a regrade that nobody has decided about",
                    hint="apply or drop that regrade first",
                )
            grading = write_new_grading(
                connection,
                NewGrading(submission_id, last.seed, last.attempt + 1, GradingReason.REGRADE, priority),
                now,
            )
            detail = {"submission": submission_id, "attempt": grading.attempt}
            write_deed(connection, Deed(actor, "grading.regrade", "grading", grading.id, detail), self._database)
        return grading


def new_seed() -> int:
    """A seed for a first grading."""
    return secrets.randbelow(2**31)


def write_new_grading(connection: Connection, new: NewGrading, now: datetime) -> GradingRecord:
    """Write a queued grading and its first event within the caller's transaction."""
    record = GradingRecord(
        id=uuid.uuid4().hex,
        submission_id=new.submission_id,
        attempt=new.attempt,
        reason=new.reason,
        state=GradingState.QUEUED,
        priority=new.priority,
        seed=new.seed,
        queued_at=now,
        started_at=None,
        finished_at=None,
        worker=None,
        tries=0,
        last_event=1,
        error_message=None,
        score=None,
        verdict=None,
        outcome=None,
    )
    connection.execute(
        _INSERT,
        {
            "id": record.id,
            "submission_id": record.submission_id,
            "attempt": record.attempt,
            "reason": record.reason,
            "state": record.state,
            "priority": int(record.priority),
            "seed": record.seed,
            "queued_at": now,
            "tries": record.tries,
            "last_event": record.last_event,
        },
    )
    write_events(connection, record.id, 1, [("state", {"state": record.state})], now)
    return record


def grading_record(row: Sequence[Any]) -> GradingRecord:
    """The record of a row of GRADING_COLUMNS."""
    values = dict(zip((column.key for column in GRADING_COLUMNS), row, strict=True))
    values["priority"] = Priority(values["priority"])
    values["verdict"] = None if values["verdict"] is None else Verdict(values["verdict"])
    values["outcome"] = None if values["outcome"] is None else Outcome(values["outcome"])
    return GradingRecord(**values)
