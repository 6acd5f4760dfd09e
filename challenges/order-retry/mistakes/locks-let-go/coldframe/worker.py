"""The worker: runs the jobs that are due.

A worker locks the jobs that it is going to do, so that others skip them, and then has `LEASE` for each: who is not done by
then is taken for dead. What a worker has to say of a job counts only while it is the last one who claimed it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from coldframe.extensions import db
from coldframe.handlers import GIVEN_UP, HANDLERS
from coldframe.models import Job
from coldframe.payments import CardDeclined
from coldframe.timing import utcnow

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=60)
ERROR_CHARS = 500


def run_due_jobs() -> int:
    """Run every job that is due, the oldest first; gives how many. Those that another worker holds are left to it."""
    ran = 0
    for job in _due(utcnow()):
        if _begin(job):
            _run(job, job.attempts)
            ran += 1
    return ran


def _due(now: datetime) -> Sequence[Job]:
    """The jobs to do, locked so that no other worker finds them."""
    queued = and_(Job.state == "queued", Job.run_at <= now)
    left_behind = and_(Job.state == "running", Job.started_at <= now - LEASE)
    oldest_first = select(Job).where(or_(queued, left_behind)).order_by(Job.run_at, Job.id)
    return db.session.scalars(oldest_first.with_for_update(skip_locked=True)).all()


def _begin(job: Job) -> bool:
    """Mark a job as ours, or give it up if its worker died in the last attempt."""
    is_last = job.attempts >= MOST_ATTEMPTS
    if is_last:
        log.error("job %s: its worker did not come back", job.id)
        _give_up(job)
        job.last_error = "the worker did not come back"
    else:
        job.state, job.started_at, job.attempts = "running", utcnow(), job.attempts + 1
    db.session.commit()
    return not is_last


def _run(job: Job, attempt: int) -> None:
    job_id = job.id
    try:
        HANDLERS[job.kind](job.order)
    except Exception as error:
        db.session.rollback()
        log.exception("job %s failed in attempt %s", job_id, attempt)
        _finish(job_id, attempt, error)
    else:
        _finish(job_id, attempt, None)


def _finish(job_id: int, attempt: int, error: Exception | None) -> None:
    """Store how an attempt ended, unless another worker has claimed the job meanwhile."""
    job = db.session.get(Job, job_id, with_for_update=True, populate_existing=True)
    if job is not None and (job.state, job.attempts) == ("running", attempt):
        if error is None:
            job.state = "done"
        else:
            job.last_error = f"{type(error).__name__}: {error}"[:ERROR_CHARS]
            if isinstance(error, CardDeclined):
                job.state = "failed"
            elif attempt >= MOST_ATTEMPTS:
                _give_up(job)
            else:
                job.state = "queued"
                job.run_at = utcnow() + FIRST_WAIT * 2 ** (attempt - 1)
    db.session.commit()


def _give_up(job: Job) -> None:
    job.state = "failed"
    if job.kind in GIVEN_UP:
        GIVEN_UP[job.kind](job.order)
