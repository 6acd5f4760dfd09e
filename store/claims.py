"""How workers move gradings on. Every step is one transaction, conditional on the state and on who holds the claim.

A claim is a lease: a worker that is killed, hangs or loses the network stops extending it, and another may take the
grading over. From then on the first one's token opens nothing, so a grading gets one grade however often it is run.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from runner.grading.exchanges import KeptExchange
from runner.grading.models import Grade
from store.audit import write_deed
from store.engine import Database, Survives
from store.errors import StoreFault
from store.events import HELD, NewEvents, held_by, write_events
from store.records import Claim, Deed, Priority
from store.states import (
    TRANSITIONS,
    ClaimPolicy,
    GradingState,
    Step,
    after,
    lease_ran_out,
    step_on_claim,
    step_on_fault,
)
from store.tables import GradingRow, GradingTestRow, SubmissionRow, table_of
from store.text import clean_json, clean_seconds

_Row = Row[*tuple[Any, ...]]

_GRADINGS, _SUBMISSIONS = table_of(GradingRow), table_of(SubmissionRow)
_INSERT_TESTS = insert(table_of(GradingTestRow))
_EXTEND = update(_GRADINGS).where(*HELD).values(lease_until=bindparam("lease_until"))
_CHANGE = update(_GRADINGS).where(_GRADINGS.c.id == bindparam("moved"))
_LOCK = (
    select(
        _GRADINGS.c.id,
        _GRADINGS.c.submission_id,
        _GRADINGS.c.state,
        _GRADINGS.c.priority,
        _GRADINGS.c.seed,
        _GRADINGS.c.tries,
        _GRADINGS.c.last_event,
        _GRADINGS.c.queued_at,
        _GRADINGS.c.worker,
        _GRADINGS.c.claim_token,
        _GRADINGS.c.lease_until,
        _SUBMISSIONS.c.challenge,
        _SUBMISSIONS.c.challenge_digest,
        _SUBMISSIONS.c.variant,
        _SUBMISSIONS.c.submission_digest,
    )
    .join(_SUBMISSIONS, _SUBMISSIONS.c.id == _GRADINGS.c.submission_id)
    .where(_GRADINGS.c.id == bindparam("wanted"))
    .with_for_update(of=_GRADINGS)
)

DEFAULT_POLICY = ClaimPolicy()
#: 128 random bits, which nobody guesses. A UUID of version 4 has 122.
_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class _Move:
    """A step, what it writes besides the state, and what it tells those who watch."""

    step: Step
    values: Mapping[str, Any]
    news: Mapping[str, Any] = field(default_factory=dict)


class Claims:
    """The workers' side of gradings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, grading_id: str, worker: str, policy: ClaimPolicy = DEFAULT_POLICY) -> Claim | None:
        """Claim a grading that is queued, or running with a lease that ran out.

        None when there is nothing to do: somebody else has it, it is done, or there is no such grading. One that has
        used up its tries by losing its workers becomes an error here, and the answer is None too.
        """
        now = self._database.now()
        with self._database.writing(Survives.OUR_CRASH) as connection:
            row = _locked(connection, grading_id)
            if row is None:
                return None
            step = step_on_claim(row.state, row.tries, lease_ran_out(row.lease_until, now), policy)
            if step is None:
                return None
            if step is Step.GIVE_UP:
                message = f"the grading lost its worker {row.tries} times; the last was {row.worker}"
                self._carry_out(connection, row, _giving_up(message, now), worker)
                return None
            claim = Claim(
                grading_id=grading_id,
                submission_id=row.submission_id,
                submission_digest=row.submission_digest,
                challenge=row.challenge,
                challenge_digest=row.challenge_digest,
                variant=row.variant,
                priority=Priority(row.priority),
                seed=row.seed,
                tries=row.tries + 1,
                run=row.last_event + 1,
                queued_at=row.queued_at,
                started_at=now,
                worker=worker,
                policy=policy,
                token=secrets.token_hex(_TOKEN_BYTES),
            )
            move = _Move(
                step,
                {
                    "worker": worker,
                    "claim_token": claim.token,
                    "tries": claim.tries,
                    "started_at": now,
                    "lease_until": now + timedelta(seconds=policy.lease_s),
                },
                {"try": claim.tries},
            )
            self._carry_out(connection, row, move, worker)
        return claim

    def heartbeat(self, claim: Claim) -> bool:
        """Extend the lease. False when the claim is lost: stop working on it, nothing of it will be recorded."""
        with self._database.writing(Survives.OUR_CRASH) as connection:
            lease_until = self._database.now() + timedelta(seconds=claim.policy.lease_s)
            changed = connection.execute(_EXTEND, {**held_by(claim), "lease_until": lease_until}).rowcount
        return changed == 1

    def record_grade(
        self,
        claim: Claim,
        grade: Grade,
        events: NewEvents = (),
        exchanges: Mapping[str, KeptExchange] | None = None,
    ) -> bool:
        """Record the grade, events that came before it, and what tests asked last, by test.

        False when the claim is lost: nothing was written. Raises StoreFault for the grade of another submission.
        """
        if (grade.challenge.slug, grade.submission.digest) != (claim.challenge, claim.submission_digest):
            raise StoreFault(f"a grade of another submission was to be recorded for grading {claim.grading_id}")
        now = self._database.now()
        known = exchanges or {}
        # Made before the transaction: nobody waits for it.
        tests = [
            {
                "grading_id": claim.grading_id,
                "position": position,
                "test_id": test.id,
                "requirement": test.requirement,
                "kind": test.kind,
                "status": test.status,
                "duration_s": clean_seconds(test.duration_s),
                "message": test.message,
                "detail": test.detail,
                "app_output": test.app_output,
                "exchange": clean_json(known[test.id].model_dump()) if test.id in known else None,
            }
            for position, test in enumerate(grade.tests)
        ]
        move = _Move(
            Step.GRADE,
            {
                "grade": clean_json(grade.model_dump(exclude={"tests"})),
                "score": grade.score,
                "verdict": grade.verdict,
                "outcome": grade.outcome,
                "error_message": None,
                "finished_at": now,
            },
            {"score": grade.score, "verdict": grade.verdict},
        )
        with self._database.writing(Survives.ANY_CRASH) as connection:
            row = _held_row(connection, claim)
            if row is None:
                return False
            self._carry_out(connection, row, move, claim.worker, events)
            if tests:
                connection.execute(_INSERT_TESTS, tests)
        return True

    def give_back(self, claim: Claim, reason: str) -> bool:
        """Put the grading back as queued: a clean shutdown. The try does not count. False when the claim is lost."""
        return self._leave(claim, _Move(Step.GIVE_BACK, {"tries": claim.tries - 1}, {"reason": reason}))

    def record_error(self, claim: Claim, message: str) -> GradingState | None:
        """Record a platform fault: queued again while tries are left, else an error with `message`, for people.

        The state it is in then; None when the claim is lost.
        """
        if step_on_fault(claim.tries, claim.policy) is Step.RETRY:
            move = _Move(Step.RETRY, {"error_message": message}, {"reason": message})
        else:
            move = _giving_up(message, self._database.now())
        return TRANSITIONS[move.step].target if self._leave(claim, move) else None

    def _leave(self, claim: Claim, move: _Move) -> bool:
        with self._database.writing(Survives.ANY_CRASH) as connection:
            row = _held_row(connection, claim)
            if row is None:
                return False
            self._carry_out(connection, row, move, claim.worker)
        return True

    def _carry_out(self, connection: Connection, row: _Row, move: _Move, actor: str, before: NewEvents = ()) -> None:
        """Write a step of the grading whose locked row this is: the state, the news of it and the deed."""
        now = self._database.now()
        state = after(row.state, move.step)
        released = {} if state is GradingState.RUNNING else {"claim_token": None, "lease_until": None}
        seq = row.last_event + len(before) + 1
        connection.execute(_CHANGE, {"moved": row.id, "state": state, "last_event": seq, **released, **move.values})
        news = {"state": state, **move.news}
        write_events(connection, row.id, seq, [*before, ("state", news)], now)
        write_deed(connection, Deed(actor, f"grading.{move.step}", "grading", row.id, news), self._database)


def _giving_up(message: str, now: datetime) -> _Move:
    return _Move(Step.GIVE_UP, {"error_message": message, "finished_at": now}, {"reason": message})


def _locked(connection: Connection, grading_id: str) -> _Row | None:
    """The grading, locked until the transaction ends (on SQLite the whole database is)."""
    return connection.execute(_LOCK, {"wanted": grading_id}).one_or_none()


def _held_row(connection: Connection, claim: Claim) -> _Row | None:
    """The claim's grading, locked; None when the claim is lost."""
    row = _locked(connection, claim.grading_id)
    held = row is not None and row.state is GradingState.RUNNING and row.claim_token == claim.token
    return row if held else None
