"""The worker: runs the jobs that are due."""

from __future__ import annotations

from sqlalchemy import select

from coldframe.extensions import db
from coldframe.handlers import HANDLERS
from coldframe.models import Job
from coldframe.timing import utcnow


def run_due_jobs() -> int:
    """Run every job that is due, the oldest first; gives how many."""
    due = db.session.scalars(
        select(Job).where(Job.state == "queued", Job.run_at <= utcnow()).order_by(Job.run_at, Job.id)
    ).all()
    for job in due:
        _run(job)
    return len(due)


def _run(job: Job) -> None:
    job.state = "running"
    job.started_at = utcnow()
    job.attempts += 1
    db.session.commit()
    try:
        HANDLERS[job.kind](job.order)
        job.state = "done"
        db.session.commit()
    except Exception:
        # Whatever it was, the next run will do it.
        db.session.rollback()
        job.state = "queued"
        db.session.commit()
