"""`/internal`: for the machines that run jobs, and for the people who look after the shop."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from coldframe.errors import ApiError
from coldframe.extensions import db
from coldframe.models import Job
from coldframe.serializers import job_detail
from coldframe.timing import utcnow
from coldframe.worker import run_due_jobs

bp = Blueprint("internal", __name__, url_prefix="/internal")


@bp.post("/run-jobs")
def run_jobs() -> ResponseReturnValue:
    return {"ran": run_due_jobs()}


@bp.get("/jobs")
def list_jobs() -> ResponseReturnValue:
    """All jobs by id; `?state=` narrows the list."""
    query = select(Job).order_by(Job.id)
    if state := request.args.get("state"):
        query = query.where(Job.state == state)
    return {"jobs": [job_detail(job) for job in db.session.scalars(query)]}


@bp.post("/jobs/<int:job_id>/retry")
def retry_job(job_id: int) -> ResponseReturnValue:
    """Make a job due again that was given up."""
    job = db.session.get(Job, job_id)
    if job is None:
        raise ApiError(404, "job_not_found", f"There is no job {job_id}.")
    if job.state != "failed":
        raise ApiError(409, "not_failed", f"Job {job_id} has not failed.")
    job.state = "queued"
    job.attempts = 0
    job.run_at = utcnow()
    db.session.commit()
    return job_detail(job), 202
