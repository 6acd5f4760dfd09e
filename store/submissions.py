"""What candidates sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    insert,
    literal,
    select,
    tuple_,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from runner.submissions.model import Submission
from store.audit import write_deed
from store.content import decode, encode
from store.counting import last_attempt
from store.engine import Database
from store.errors import AllowanceUsed, KeyUsed, NotFound
from store.gradings import GRADING_COLUMNS, NewGrading, grading_record, new_seed, write_new_grading
from store.pages import check_limit, decode_cursor, encode_cursor
from store.records import (
    SYSTEM,
    Allowance,
    Deed,
    GradingRecord,
    IdempotencyKey,
    Origin,
    Page,
    SubmissionFilter,
    SubmissionRecord,
    SubmissionSummary,
)
from store.states import GradingState
from store.tables import GradingRow, IdempotencyKeyRow, SubmissionRow, TokenRow, UtcDateTime, table_of

_INSERT = insert(table_of(SubmissionRow))
_INSERT_KEY = insert(table_of(IdempotencyKeyRow))
_GRADED = table_of(GradingRow).alias("graded")

#: In the order of SubmissionRecord's fields.
_COLUMNS = (
    SubmissionRow.id,
    SubmissionRow.challenge,
    SubmissionRow.challenge_digest,
    SubmissionRow.submission_digest,
    SubmissionRow.token_id,
    SubmissionRow.source,
    SubmissionRow.submitted_at,
    SubmissionRow.variant,
)


class Submissions:
    """Submissions and their content."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        submission: Submission,
        origin: Origin,
        *,
        key: IdempotencyKey | None = None,
        allowances: Sequence[Allowance] = (),
    ) -> tuple[SubmissionRecord, GradingRecord]:
        """Store a submission and its first grading, queued, in one transaction. Both are on the disk on return.

        `key`: of the origin's token. Raises KeyUsed, and stores nothing, when it has made a submission before:
        `made_with` tells which. `allowances`: what the origin's token is held to, also by many at the same moment.
        Raises AllowanceUsed, and stores nothing, for one too many.
        """
        record = SubmissionRecord(
            id=uuid.uuid4().hex,
            challenge=origin.challenge,
            challenge_digest=origin.challenge_digest,
            submission_digest=submission.digest,
            token_id=origin.token_id,
            source=origin.source,
            submitted_at=self._database.now(),
            variant=origin.variant,
        )
        content = encode(submission)
        actor = origin.actor or origin.token_id or SYSTEM
        with self._database.writing() as connection:
            if allowances:
                self._one_at_a_time(connection, origin, allowances)
            connection.execute(
                _INSERT,
                {
                    "id": record.id,
                    "challenge": record.challenge,
                    "challenge_digest": record.challenge_digest,
                    "submission_digest": record.submission_digest,
                    "token_id": record.token_id,
                    "source": record.source,
                    "submitted_at": record.submitted_at,
                    "content": content,
                    **({"variant": record.variant} if record.variant is not None else {}),
                },
            )
            if key is not None:
                _write_key(connection, key, record)
            for number, allowance in enumerate(allowances):
                if connection.execute(_count_of(origin, allowance)).scalar_one() > allowance.amount:
                    raise AllowanceUsed(number)
            grading = write_new_grading(connection, NewGrading(record.id, new_seed()), record.submitted_at)
            detail = {"challenge": record.challenge, "digest": record.submission_digest, "grading": grading.id}
            write_deed(connection, Deed(actor, "submission.add", "submission", record.id, detail), self._database)
        return record, grading

    def made_with(self, key_sha256: str, token_id: str) -> tuple[SubmissionRecord, IdempotencyKey] | None:
        """The submission that this key of this token made, and from which request; None while there is none."""
        query = (
            select(*_COLUMNS, IdempotencyKeyRow.request_sha256)
            .join(IdempotencyKeyRow, IdempotencyKeyRow.submission_id == SubmissionRow.id)
            .where(IdempotencyKeyRow.key_sha256 == key_sha256, IdempotencyKeyRow.token_id == token_id)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return SubmissionRecord(*row[:-1]), IdempotencyKey(key_sha256, row[-1])

    def _one_at_a_time(self, connection: Connection, origin: Origin, allowances: Sequence[Allowance]) -> None:
        """Nobody else counts for the same person until this transaction ends. SQLite has one writer anyway."""
        self._database.one_at_a_time(connection, origin.challenge, allowances[0].candidate or origin.token_id or "")

    def get(self, id: str) -> SubmissionRecord:  # noqa: A002
        """The submission. Raises NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(SubmissionRow.id == id)).one_or_none()
        if row is None:
            raise NotFound("submission", id)
        return SubmissionRecord(*row)

    def content(self, id: str) -> Submission:  # noqa: A002
        """The changed files. Raises NotFound, or ContentDamaged when they are not what was stored."""
        query = select(SubmissionRow.content, SubmissionRow.submission_digest).where(SubmissionRow.id == id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("submission", id)
        return decode(row.content, row.submission_digest)

    def page(
        self, wanted: SubmissionFilter | None = None, *, after: str | None = None, limit: int = 50
    ) -> Page[SubmissionSummary]:
        """Submissions with their gradings, newest first. Raises BadCursor for an `after` that is none."""
        check_limit(limit)
        query = _listing(wanted or SubmissionFilter()).limit(limit + 1)
        if after is not None:
            submitted_at, last_id = decode_cursor(after, (datetime, str))
            query = query.where(
                tuple_(SubmissionRow.submitted_at, SubmissionRow.id)
                < tuple_(literal(submitted_at, UtcDateTime), literal(last_id))
            )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        items = tuple(_summary(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items, None)
        last = items[-1].submission
        return Page(items, encode_cursor(last.submitted_at, last.id))

    def last_of_each(self, token_id: str) -> dict[str, SubmissionSummary]:
        """A token's last submission to each challenge, by challenge: one query however many."""
        query = _listing(SubmissionFilter(token_id=token_id))
        found: dict[str, SubmissionSummary] = {}
        with self._database.reading() as connection:
            # The newest come first. A person's are few; to look in the database for later ones takes longer.
            for row in connection.execute(query):
                summary = _summary(row)
                found.setdefault(summary.submission.challenge, summary)
        return found

    def attempts_of(self, token_id: str) -> dict[str, int]:
        """How many a token has sent to each challenge. What the platform failed to grade is no attempt."""
        query = (
            select(SubmissionRow.challenge, func.count())
            .where(SubmissionRow.token_id == token_id, ~_failed_to_grade())
            .group_by(SubmissionRow.challenge)
        )
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def best_scores(self, token_ids: Set[str]) -> dict[str, dict[str, int]]:
        """The best score of each challenge, by token: one query for all. Of a submission its latest grade counts."""
        if not token_ids:
            return {}
        query = (
            select(SubmissionRow.token_id, SubmissionRow.challenge, func.max(GradingRow.score))
            .join(GradingRow, GradingRow.submission_id == SubmissionRow.id)
            .where(
                SubmissionRow.token_id.in_(sorted(token_ids)),
                GradingRow.attempt == last_attempt(graded=True),
            )
            .group_by(SubmissionRow.token_id, SubmissionRow.challenge)
        )
        found: dict[str, dict[str, int]] = {}
        with self._database.reading() as connection:
            for token_id, challenge, score in connection.execute(query):
                assert token_id is not None  # as it was asked for
                assert score is not None  # as every grade has one
                found.setdefault(token_id, {})[challenge] = score
        return found


def _count_of(origin: Origin, allowance: Allowance) -> Select[int]:
    whose = SubmissionRow.token_id == origin.token_id
    if allowance.candidate:
        whose = SubmissionRow.token_id.in_(select(TokenRow.id).where(TokenRow.candidate == allowance.candidate))
    query = (
        select(func.count())
        .select_from(SubmissionRow)
        .where(whose, SubmissionRow.submitted_at > allowance.since, SubmissionRow.challenge == origin.challenge)
    )
    return query.where(~_failed_to_grade()) if allowance.spares_faults else query


def _failed_to_grade() -> ColumnElement[bool]:
    """Of a submission: the platform gave it up, and neither had graded it before nor tries again.

    Those of regrades need not be left out: a regrade is of what has a grade that counts.
    """
    grading = aliased(GradingRow)
    of_it = exists().where(grading.submission_id == SubmissionRow.id).correlate(SubmissionRow)
    # To look for one in error would go through all of the platform: after a regrade was dropped, thousands. That there
    # is any is asked for since a submission is counted before its first one is written.
    return and_(of_it, ~of_it.where(grading.state != GradingState.ERROR))


def _write_key(connection: Connection, key: IdempotencyKey, record: SubmissionRecord) -> None:
    values = {
        "token_id": record.token_id,
        "key_sha256": key.key_sha256,
        "request_sha256": key.request_sha256,
        "submission_id": record.id,
        "created_at": record.submitted_at,
    }
    try:
        connection.execute(_INSERT_KEY, values)
    except IntegrityError as error:
        raise KeyUsed("this idempotency key has made another submission") from error


def _listing(wanted: SubmissionFilter) -> Select[*tuple[Any, ...]]:
    query = (
        select(*_COLUMNS, *GRADING_COLUMNS, *(_GRADED.c[column.key] for column in GRADING_COLUMNS))
        .join(GradingRow, GradingRow.submission_id == SubmissionRow.id)
        .outerjoin(
            _GRADED, and_(_GRADED.c.submission_id == SubmissionRow.id, _GRADED.c.attempt == last_attempt(graded=True))
        )
        .where(GradingRow.attempt == last_attempt())
        .order_by(SubmissionRow.submitted_at.desc(), SubmissionRow.id.desc())
    )
    for column, value in (
        (SubmissionRow.challenge, wanted.challenge),
        (SubmissionRow.token_id, wanted.token_id),
        (GradingRow.state, wanted.state),
        (_GRADED.c.verdict, wanted.verdict),
    ):
        if value is not None:
            query = query.where(column == value)
    return query


def _summary(row: Row[*tuple[Any, ...]]) -> SubmissionSummary:
    width, end = len(_COLUMNS), len(_COLUMNS) + len(GRADING_COLUMNS)
    graded = None if row[end] is None else grading_record(row[end:])
    return SubmissionSummary(SubmissionRecord(*row[:width]), grading_record(row[width:end]), graded)
