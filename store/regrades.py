"""Many submissions graded again, to be looked at before their grades count.

Gradings of a regrade are gradings as all others and wait behind everything that somebody waits for. Whether they count
is asked of the regrade's row each time (`store.counting`), so applying thousands is one change of one row, and dropping
them too. They are written in one transaction and queued by the workers' reconciler, some at a time.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, literal, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from store.assessment_tables import InvitationRow
from store.audit import write_deed
from store.counting import AsIf, last_attempt
from store.engine import Database
from store.errors import Conflict, NotFound
from store.pages import check_limit, decode_cursor, encode_cursor
from store.records import Deed, GradingReason, Page, Priority, Role
from store.regraded import (
    MOST_SUBMISSIONS,
    FailedRegrading,
    NewRegrade,
    RegradeProgress,
    RegradeRecord,
    RegradeState,
    RequirementChange,
    ScoreChange,
    progress_of,
)
from store.states import FINAL, GradingState, Step, after
from store.tables import GradingEventRow, GradingRow, RegradeRow, SubmissionRow, TokenRow, UtcDateTime, table_of

#: Submissions whose requirements are compared: the last ones.
MOST_COMPARED = 1000

_COLUMNS = (
    RegradeRow.id,
    RegradeRow.challenge,
    RegradeRow.challenge_digest,
    RegradeRow.source,
    RegradeRow.reason,
    RegradeRow.author,
    RegradeRow.created_at,
    RegradeRow.submissions,
    RegradeRow.state,
    RegradeRow.ended_at,
    RegradeRow.ended_by,
    RegradeRow.end_reason,
)
_AGAIN = (GradingRow.submission_id, GradingRow.attempt, GradingRow.seed)


class Regrades:
    """Regrades, and what they would change."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, new: NewRegrade, *, actor: str) -> RegradeRecord:
        """Queue all submissions of candidates to the challenge that have a grade, but for those being graded again now.

        Each is graded with the seed that it had, so that only what changed can differ. Raises Conflict where another
        regrade of the challenge is open, and where there is nothing to grade again or too much.
        """
        now, id = self._database.now(), uuid.uuid4().hex  # noqa: A001 -- the column's name
        with self._database.writing() as connection:
            is_open = (RegradeRow.challenge == new.challenge, RegradeRow.state == RegradeState.OPEN)
            if connection.execute(select(RegradeRow.id).where(*is_open)).first() is not None:
                raise _another_is_open()
            rows = connection.execute(_to_grade(new)).all()
            if not rows:
                raise Conflict("nothing that candidates sent has a grade", hint="there is nothing to grade again")
            if len(rows) > MOST_SUBMISSIONS:
                raise Conflict(
                    f"these are more than {MOST_SUBMISSIONS} submissions", hint="grade those of one assessment again"
                )
            values = {
                "id": id,
                "challenge": new.challenge,
                "challenge_digest": new.challenge_digest,
                "source": new.source,
                "reason": new.reason,
                "author": actor,
                "created_at": now,
                "submissions": len(rows),
                "state": RegradeState.OPEN,
            }
            try:
                connection.execute(insert(RegradeRow).values(**values))
            except IntegrityError as error:
                raise _another_is_open() from error
            _write_gradings(connection, id, rows, now)
            detail = {
                "challenge": new.challenge,
                "source": new.source,
                "reason": new.reason,
                "submissions": len(rows),
            }
            write_deed(connection, Deed(actor, "regrade.begin", "regrade", id, detail), self._database)
        return self.get(id)

    def get(self, id: str) -> RegradeRecord:  # noqa: A002
        """The regrade. Raises NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(RegradeRow.id == id)).one_or_none()
        if row is None:
            raise NotFound("regrade", id)
        return _record(row)

    def page(self, *, after: str | None = None, limit: int = 50) -> Page[RegradeRecord]:
        """All, newest first. Raises BadCursor for an `after` that is none."""
        check_limit(limit)
        query = select(*_COLUMNS).order_by(RegradeRow.created_at.desc(), RegradeRow.id.desc()).limit(limit + 1)
        if after is not None:
            created_at, last_id = decode_cursor(after, (datetime, str))
            query = query.where(
                tuple_(RegradeRow.created_at, RegradeRow.id)
                < tuple_(literal(created_at, UtcDateTime), literal(last_id))
            )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        items = tuple(_record(row) for row in rows[:limit])
        more = len(rows) > limit
        return Page(items, encode_cursor(items[-1].created_at, items[-1].id) if more else None)

    def progress(self, ids: Set[str]) -> dict[str, RegradeProgress]:
        """How far each of these is: one query for all."""
        with self._database.reading() as connection:
            return _progress(connection, ids)

    def failed(self, id: str, *, limit: int = 100) -> list[FailedRegrading]:  # noqa: A002
        """What the platform failed to grade in it, `limit` at most."""
        query = (
            select(SubmissionRow.id, SubmissionRow.token_id, GradingRow.error_message)
            .join(GradingRow, GradingRow.submission_id == SubmissionRow.id)
            .where(*_last_of({id}), GradingRow.state == GradingState.ERROR)
            .order_by(SubmissionRow.submitted_at, SubmissionRow.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [FailedRegrading(row[0], row[1] or "", row[2] or "") for row in connection.execute(query)]

    def changes(self, record: RegradeRecord) -> tuple[list[ScoreChange], int]:
        """The candidates whose best score in the challenge it changes, and how many others it grades.

        What it has not graded, or failed to, keeps the grade that counts.
        """
        with self._database.reading() as connection:
            before = _best(connection, record, AsIf(record.id, applied=False))
            after = _best(connection, record, AsIf(record.id, applied=True))
        changed = [
            ScoreChange(token_id, before[token_id], score)
            for token_id, score in after.items()
            if token_id in before and before[token_id] != score
        ]
        return changed, len(after) - len(changed)

    def requirements(self, record: RegradeRecord) -> list[RequirementChange]:
        """The requirements whose fate it changes, by id, over the last `MOST_COMPARED` submissions that it graded."""
        fresh, old = GradingRow, aliased(GradingRow)
        query = (
            select(old.grade["requirements"], fresh.grade["requirements"])
            .select_from(SubmissionRow)
            .join(fresh, fresh.submission_id == SubmissionRow.id)
            .join(old, old.submission_id == SubmissionRow.id)
            .where(
                *_last_of({record.id}),
                fresh.state == GradingState.GRADED,
                old.attempt == last_attempt(graded=True, as_if=AsIf(record.id, applied=False)),
            )
            .order_by(SubmissionRow.submitted_at.desc(), SubmissionRow.id.desc())
            .limit(MOST_COMPARED)
        )
        with self._database.reading() as connection:
            return requirement_changes((row[0], row[1]) for row in connection.execute(query))

    def retry(self, id: str, *, actor: str) -> int:  # noqa: A002
        """Queue again what the platform failed to grade in it; how many. Raises NotFound, or Conflict where there is
        nothing of the kind or it is decided about.
        """
        with self._database.writing() as connection:
            _lock_open(connection, id)
            query = select(*_AGAIN).where(*_last_of({id}), GradingRow.state == GradingState.ERROR)
            rows = connection.execute(query).all()
            if not rows:
                raise Conflict("the platform failed at none of it", hint="load the page again")
            _write_gradings(connection, id, rows, self._database.now())
            deed = Deed(actor, "regrade.retry", "regrade", id, {"submissions": len(rows)})
            write_deed(connection, deed, self._database)
        return len(rows)

    def apply(self, id: str, reason: str, *, actor: str) -> RegradeRecord:  # noqa: A002
        """Have its grades count from now on. What the platform failed to grade in it keeps the grade from before.

        Raises NotFound, or Conflict where it is decided about, where something of it is still to be graded, and where
        nothing of it has a grade.
        """
        with self._database.writing() as connection:
            challenge = _lock_open(connection, id)
            progress = _progress(connection, {id}).get(id, RegradeProgress())
            if not progress.is_over:
                raise Conflict(
                    f"{progress.waiting + progress.running} submissions of it are not graded yet",
                    hint="wait until they are, or drop it",
                )
            if not progress.graded:
                raise Conflict("nothing of it has a grade", hint="have what failed graded again, or drop it")
            detail = {"graded": progress.graded, "failed": progress.failed}
            self._end(connection, id, RegradeState.APPLIED, reason, actor)
            deed = Deed(actor, "regrade.apply", "regrade", id, {"challenge": challenge, "reason": reason} | detail)
            write_deed(connection, deed, self._database)
        return self.get(id)

    def drop(self, id: str, reason: str, *, actor: str) -> RegradeRecord:  # noqa: A002
        """Have its grades never count, and grade nothing more of it. Raises NotFound, or Conflict where it is decided
        about.
        """
        with self._database.writing() as connection:
            challenge = _lock_open(connection, id)
            cancelled = connection.execute(
                update(GradingRow)
                .where(GradingRow.regrade_id == id, GradingRow.state == GradingState.QUEUED)
                .values(
                    state=after(GradingState.QUEUED, Step.CANCEL),
                    error_message="the regrade was dropped before this was graded",
                    finished_at=self._database.now(),
                )
                .execution_options(synchronize_session=False)
            ).rowcount
            self._end(connection, id, RegradeState.DROPPED, reason, actor)
            detail = {"challenge": challenge, "reason": reason, "cancelled": cancelled}
            write_deed(connection, Deed(actor, "regrade.drop", "regrade", id, detail), self._database)
        return self.get(id)

    def _end(self, connection: Connection, id: str, state: RegradeState, reason: str, actor: str) -> None:  # noqa: A002
        connection.execute(
            update(RegradeRow)
            .where(RegradeRow.id == id)
            .values(state=state, ended_at=self._database.now(), ended_by=actor, end_reason=reason)
        )


def requirement_changes(pairs: Iterable[tuple[Any, Any]]) -> list[RequirementChange]:
    """What became of each requirement. `pairs`: the requirements of a grade before and after. Pure."""
    gained, lost, titles = Counter[str](), Counter[str](), dict[str, str]()
    for before, after_ in pairs:
        met = [{each["id"] for each in grade if each["status"] == "met"} for grade in (before, after_)]
        gained.update(met[1] - met[0])
        lost.update(met[0] - met[1])
        titles |= {each["id"]: each["title"] for grade in (before, after_) for each in grade}
    return [
        RequirementChange(each, titles[each], gained[each], lost[each]) for each in sorted({*gained, *lost}, key=_order)
    ]


def _order(requirement: str) -> tuple[int, str]:
    # R2 before R10.
    return len(requirement), requirement


def _another_is_open() -> Conflict:
    return Conflict("another regrade of this challenge waits to be decided about", hint="apply or drop it first")


def _to_grade(new: NewRegrade) -> Select[str, int, int]:
    """The last attempt at grading each submission, locked against somebody who has one of them graded again."""
    grading = aliased(GradingRow)
    last = select(func.max(grading.attempt)).where(grading.submission_id == SubmissionRow.id).scalar_subquery()
    of_it = select(grading.id).where(grading.submission_id == SubmissionRow.id)
    query = (
        select(*_AGAIN)
        .join(SubmissionRow, SubmissionRow.id == GradingRow.submission_id)
        .join(TokenRow, TokenRow.id == SubmissionRow.token_id)
        .where(
            SubmissionRow.challenge == new.challenge,
            TokenRow.role == Role.CANDIDATE,
            GradingRow.attempt == last,
            # As the greatest of a few: for whether there is one, SQLite would go through all that are graded.
            last_attempt(graded=True).is_not(None),
            ~of_it.where(grading.state.not_in(FINAL)).exists(),
        )
        .order_by(SubmissionRow.submitted_at, SubmissionRow.id)
        .limit(MOST_SUBMISSIONS + 1)
        .with_for_update(of=SubmissionRow)
    )
    if new.source is None:
        return query
    invited = select(InvitationRow.token_id).where(InvitationRow.source == new.source)
    return query.where(SubmissionRow.token_id.in_(invited))


def _write_gradings(connection: Connection, regrade_id: str, rows: Sequence[Any], now: datetime) -> None:
    """Queue another grading for each `_AGAIN`, with its first event. Raises Conflict where somebody else just did."""
    gradings = [
        {
            "id": uuid.uuid4().hex,
            "submission_id": submission_id,
            "attempt": attempt + 1,
            "reason": GradingReason.REGRADE,
            "state": GradingState.QUEUED,
            "priority": int(Priority.REGRADE),
            "seed": seed,
            "queued_at": now,
            "tries": 0,
            "last_event": 1,
            "regrade_id": regrade_id,
        }
        for submission_id, attempt, seed in rows
    ]
    try:
        connection.execute(insert(table_of(GradingRow)), gradings)
    except IntegrityError as error:
        raise Conflict("one of the submissions was just sent to be graded again", hint="try again") from error
    told = {"seq": 1, "kind": "state", "data": {"state": GradingState.QUEUED}, "at": now}
    connection.execute(insert(table_of(GradingEventRow)), [{"grading_id": each["id"]} | told for each in gradings])


def _lock_open(connection: Connection, id: str) -> str:  # noqa: A002
    """Lock a regrade; its challenge. Raises NotFound, or Conflict where it is decided about."""
    query = select(RegradeRow.challenge, RegradeRow.state).where(RegradeRow.id == id).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("regrade", id)
    if row.state is not RegradeState.OPEN:
        raise Conflict(f"it is {row.state} already", hint="load the page again")
    return str(row.challenge)


def _last_of(ids: Set[str]) -> tuple[Any, Any]:
    """Of each submission the last grading within its regrade: one that failed may have been tried again."""
    later = aliased(GradingRow)
    return (
        GradingRow.regrade_id.in_(sorted(ids)),
        ~select(later.id)
        .where(
            later.submission_id == GradingRow.submission_id,
            later.regrade_id == GradingRow.regrade_id,
            later.attempt > GradingRow.attempt,
        )
        .exists(),
    )


def _progress(connection: Connection, ids: Set[str]) -> dict[str, RegradeProgress]:
    query = (
        select(GradingRow.regrade_id, GradingRow.state, func.count())
        .where(*_last_of(ids))
        .group_by(GradingRow.regrade_id, GradingRow.state)
    )
    found: dict[str, dict[GradingState, int]] = defaultdict(dict)
    for regrade_id, state, count in connection.execute(query):
        found[regrade_id or ""][state] = count
    return {id: progress_of(found.get(id, {})) for id in ids}  # noqa: A001


def _best(connection: Connection, record: RegradeRecord, as_if: AsIf) -> dict[str, int]:
    """The best score in the challenge of each candidate of whom the regrade grades something."""
    regraded, theirs = aliased(GradingRow), aliased(SubmissionRow)
    whose = (
        select(theirs.token_id)
        .join(regraded, regraded.submission_id == theirs.id)
        .where(regraded.regrade_id == record.id)
        .correlate(None)
    )
    query = (
        select(SubmissionRow.token_id, func.max(GradingRow.score))
        .join(GradingRow, GradingRow.submission_id == SubmissionRow.id)
        .where(
            SubmissionRow.challenge == record.challenge,
            SubmissionRow.token_id.in_(whose),
            GradingRow.attempt == last_attempt(graded=True, as_if=as_if),
        )
        .group_by(SubmissionRow.token_id)
    )
    return {token_id or "": score or 0 for token_id, score in connection.execute(query)}


def _record(row: Row[*tuple[Any, ...]]) -> RegradeRecord:
    return RegradeRecord(*row)
