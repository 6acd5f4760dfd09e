"""Uploads that changed files which may not be changed. They are rejected; that there were some is told to assessors."""

from __future__ import annotations

from api.context import Caller, Services
from runner.errors import SubmissionRejected
from runner.grading.models import Grade
from runner.integrity.facts import with_rejected_uploads
from runner.submissions.normalise import NOT_EDITABLE
from store.records import AuditFilter, Deed, SubmissionRecord

_ACTION = "submission.reject"


def note_rejection(services: Services, caller: Caller, challenge: str, error: SubmissionRejected) -> None:
    """Write into the audit trail that an upload held a file outside the editable set; other rejections are not kept."""
    if error.reason in NOT_EDITABLE:
        detail = {"path": error.path, "reason": error.reason}
        services.store.audit.record(Deed(caller.id, _ACTION, "challenge", challenge, detail))


def with_rejections(services: Services, grade: Grade, submission: SubmissionRecord) -> Grade:
    """The grade, with what the token that sent this submission sent in vain before it."""
    if submission.token_id is None:
        return grade
    wanted = AuditFilter(submission.token_id, _ACTION, "challenge", submission.challenge)
    count = services.store.audit.count(wanted, until=submission.submitted_at)
    return with_rejected_uploads(grade, count) if count else grade
