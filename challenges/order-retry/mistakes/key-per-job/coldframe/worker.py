"""The worker: runs the jobs that are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app, g
from sqlalchemy import ColumnElement, and_, or_, select

from coldframe.changes import change_job
from coldframe.extensions import db
from coldframe.handlers import GIVEN_UP, HANDLERS
from coldframe.models import Job
from coldframe.payments import CardDeclined
from coldframe.timing import utcnow

#: A worker that has not come back by then is dead.
PATIENCE = timedelta(minutes=5)
#: Seconds from one failed attempt to the next; after the last there is none.
WAITS = (60, 120, 240, 480)


def run_due_jobs() -> int:
    """Run every job that is due, the oldest first, until a look finds none that is ours; gives how many."""
    ran = 0
    while found := sum(_run(job_id) for job_id in _due_jobs()):
        ran += found
    return ran


def _due_jobs() -> Sequence[int]:
    due = db.session.scalars(select(Job.id).where(_is_due(utcnow())).order_by(Job.run_at, Job.id)).all()
    db.session.rollback()
    return due


def _is_due(now: datetime) -> ColumnElement[bool]:
    left_behind = and_(Job.state == "running", Job.started_at <= now - PATIENCE)
    return or_(and_(Job.state == "queued", Job.run_at <= now), left_behind)


def _run(job_id: int) -> bool:
    """Run a job if it still is due; whether it was."""
    now = utcnow()
    job = change_job(job_id, _is_due(now), state="running", started_at=now, attempts=Job.attempts + 1)
    db.session.commit()
    if job is None:
        return False
    mine = (Job.state == "running", Job.attempts == job.attempts)
    try:
        if job.attempts > len(WAITS) + 1:
            raise TimeoutError("the worker of the last attempt did not come back")
        g.job_id = job_id
        HANDLERS[job.kind](job.order_id)
    except Exception as error:
        db.session.rollback()
        current_app.logger.exception("%s for order %s failed, attempt %s", job.kind, job.order_id, job.attempts)
        said = str(error)[:500]
        if job.attempts > len(WAITS) or isinstance(error, CardDeclined):
            attempts = min(job.attempts, len(WAITS) + 1)
            if change_job(job_id, *mine, state="failed", attempts=attempts, last_error=said) and job.kind in GIVEN_UP:
                GIVEN_UP[job.kind](job.order_id)
        else:
            due_again = utcnow() + timedelta(seconds=WAITS[job.attempts - 1])
            change_job(job_id, *mine, state="queued", run_at=due_again, last_error=said)
    else:
        change_job(job_id, *mine, state="done")
    db.session.commit()
    return True
