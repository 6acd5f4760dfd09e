"""The worker: runs the jobs that are due.

A worker claims a job by marking it, under a lock that others skip, and then holds it for `LEASE`: who is not done by then is
taken for dead. What a worker has to say of a job counts only while it is the last one who claimed it.
"""

from __future__ import annotations

import logging
from datetime import timedelta

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
    """Run every job that is due, the oldest first, as long as there is one; gives how many."""
    ran = 0
    while (job := _claim()) is not None:
        _run(job, job.attempts)
        ran += 1
    return ran


def _claim() -> Job | None:
    """The next job that is due, now ours. Gives up those whose worker died in the last attempt."""
    while True:
        now = utcnow()
        job = db.session.scalar(
            select(Job)
            .where(
                or_(
                    and_(Job.state == "queued", Job.run_at <= now),
                    and_(Job.state == "running", Job.started_at <= now - LEASE),
                )
            )
            .order_by(Job.run_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        if job is None:
            db.session.rollback()
            return None
        if job.attempts >= MOST_ATTEMPTS:
            log.error("job %s: its worker did not come back", job.id)
            _give_up(job)
            job.last_error = "the worker did not come back"
            db.session.commit()
            continue
        job.state = "running"
        job.started_at = now
        job.attempts += 1
        db.session.commit()
        return job


def _run(job: Job, attempt: int) -> None:
    job_id = job.id
    try:
        HANDLERS[job.kind](job.order)
    except Exception as error:
        db.session.rollback()
        log.exception("job %s failed in attempt %s", job_id, attempt)
        _finish(job_id, attempt, error)
        raise
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
