"""A submission as its caller may see it. Reading a grade is written into the audit trail: see `api.readings`."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from api.context import Caller, Services, caller, services
from api.invitations import own_sight, sight_of
from api.redaction import CandidateView, as_seen
from api.rejections import with_rejections
from api.schemas import GradingError, SubmissionItem, SubmissionView
from runner.assessments.model import CandidatesSee
from runner.grading.models import Grade
from store.errors import NotFound
from store.records import Deed, GradingRecord, Role, SubmissionRecord, SubmissionSummary
from store.states import GradingState

#: What a candidate is told of a platform fault, whose own message may name hosts, images and paths.
FAULT_FOR_CANDIDATES = (
    "The platform failed to grade this submission. It costs you nothing; whoever invited you can have it graded again."
)

#: What the audit trail calls what was read.
_VIEWS = {
    CandidatesSee.REQUIREMENTS: "candidate",
    CandidatesSee.SCORE: "score",
    CandidatesSee.RECEIPT: "receipt",
}


def is_candidate(token: Caller) -> bool:
    """Whether the caller gets the redacted view of everything."""
    return token.role is Role.CANDIDATE


def visible_submission(services: Services, token: Caller, submission_id: str) -> SubmissionRecord:
    """The submission. Raises NotFound also for another candidate's: nobody learns which ids exist."""
    if not is_hex_id(submission_id):
        raise NotFound("submission", "with such an id")
    submission = services.store.submissions.get(submission_id)
    if is_candidate(token) and submission.token_id != token.id:
        raise NotFound("submission", submission_id)
    return submission


def is_hex_id(text: str) -> bool:
    """Whether the text has the form of a record's id; nothing else is looked up."""
    return len(text) == 32 and all(char in "0123456789abcdef" for char in text)


def grade_for(services: Services, token: Caller, grading: GradingRecord) -> Grade | CandidateView | None:
    """The grade as the caller may see it. Reading it is audited before anything is shown."""
    grade = services.store.gradings.grade(grading.id)
    if grade is None:
        return None
    # Not the request's own: a stream asks after its request.
    sight = sight_of(services.store.invitations.of(token.id)) if is_candidate(token) else None
    if sight is None or services.readings.is_new(token.id, grading.id):
        detail = {"grading": grading.id, "view": "whole" if sight is None else _VIEWS[sight]}
        services.store.audit.record(Deed(token.actor, "grade.read", "submission", grading.submission_id, detail))
    if sight is not None:
        return as_seen(grade, sight)
    return with_rejections(services, grade, services.store.submissions.get(grading.submission_id))


def note_scores_read(shown: Sequence[SubmissionSummary]) -> None:
    """Write down that the caller reads the scores in a list: an assessor each time, a candidate once a minute."""
    me = caller()
    if is_candidate(me) and own_sight() is CandidatesSee.RECEIPT:
        return
    graded = [summary.submission.id for summary in shown if summary.graded is not None]
    if graded and (not is_candidate(me) or services().readings.is_new(me.id, "")):
        services().store.audit.record(Deed(me.actor, "grades.list", "submission", "", {"submissions": graded}))


def fault_for(token: Caller, grading: GradingRecord) -> str:
    """The message of a platform fault, fit for the caller."""
    return FAULT_FOR_CANDIDATES if is_candidate(token) else grading.error_message or "no message was recorded"


def submission_view(services: Services, token: Caller, submission: SubmissionRecord) -> SubmissionView:
    """The submission with its latest grading, and the last grade there is: that counts until there is another."""
    grading = services.store.gradings.latest(submission.id)
    graded = services.store.gradings.latest_graded(submission.id)
    queued = grading.state is GradingState.QUEUED
    return SubmissionView(
        id=submission.id,
        challenge=submission.challenge,
        variant=None if is_candidate(token) else submission.variant,
        status=grading.state,
        submitted_at=submission.submitted_at,
        attempt=grading.attempt,
        reason=grading.reason,
        queue_position=services.store.backlog.position(grading.id) if queued else None,
        graded_attempt=graded.attempt if graded is not None else None,
        grade=grade_for(services, token, graded) if graded is not None else None,
        error=GradingError(message=fault_for(token, grading)) if grading.state is GradingState.ERROR else None,
    )


def submission_item(token: Caller, summary: SubmissionSummary) -> SubmissionItem:
    """A submission in the caller's list."""
    submission, grading, graded = summary.submission, summary.grading, summary.graded
    is_hidden = is_candidate(token) and own_sight() is CandidatesSee.RECEIPT
    return SubmissionItem(
        id=submission.id,
        challenge=submission.challenge,
        status=grading.state,
        submitted_at=submission.submitted_at,
        source=submission.source,
        attempt=grading.attempt,
        graded_attempt=graded.attempt if graded is not None else None,
        score=graded.score if graded is not None and not is_hidden else None,
        verdict=graded.verdict if graded is not None and not is_hidden else None,
        token_id=None if is_candidate(token) else submission.token_id,
    )


def submission_url(submission_id: str) -> str:
    """Where the submission is."""
    return url_for("submissions.get_submission", id=submission_id)


def events_url(submission_id: str) -> str:
    """Where its events are."""
    return url_for("events.get_events", id=submission_id)
