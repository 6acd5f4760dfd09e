"""`/submissions`: take a fix, store it, queue it; tell how it went."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from api.bodies import single_fields
from api.context import caller, services
from api.idempotency import key_of
from api.invitations import own_sight
from api.receiving import enqueue, take_in
from api.routing import ASSESSORS, EVERYONE, ONLY_TOKENS, Body, Doc, Policy, Routes
from api.schemas import (
    MOST_OF_VARIANT,
    SLUG_PATTERN,
    SubmissionAccepted,
    SubmissionList,
    SubmissionPath,
    SubmissionsQuery,
    SubmissionView,
    SubmitHeaders,
    as_json,
)
from api.uploads import FIELDS, submission_form
from api.views import (
    events_url,
    is_candidate,
    note_scores_read,
    submission_item,
    submission_url,
    submission_view,
    visible_submission,
)
from runner.assessments.model import CandidatesSee
from runner.submissions.model import Submission
from store.records import GradingRecord, SubmissionFilter, SubmissionRecord

routes = Routes("submissions", "Submissions")

_FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "challenge": {
                        "type": "string",
                        "pattern": SLUG_PATTERN,
                        "description": "the challenge's slug",
                    },
                    "archive": {
                        "type": "string",
                        "format": "binary",
                        "description": "a .zip or .tar.gz of the changed files, or of the whole starter as changed",
                    },
                    "variant": {
                        "type": "string",
                        "maxLength": MOST_OF_VARIANT,
                        "description": "of a challenge that has variants, which; for assessors, a candidate has one",
                    },
                    "patch": {
                        "type": "string",
                        "format": "binary",
                        "description": "a unified diff against the starter",
                    },
                },
                "required": ["challenge"],
                "oneOf": [{"required": ["archive"]}, {"required": ["patch"]}],
                "additionalProperties": False,
            }
        }
    },
}
_ACCEPTED: dict[str, Any] = {
    "description": "Stored; it will be graded. `Location` says where to look",
    "headers": {"Location": {"schema": {"type": "string"}, "required": True}},
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SubmissionAccepted"}}},
}
_POST_PROBLEMS = (
    "forbidden",
    "not-found",
    "repeated-field",
    "challenge-not-allowed",
    "not-begun",
    "time-is-up",
    "assessment-done",
    "attempts-used",
    "challenge-unknown",
    "idempotency-key-reused",
    "submission-rejected",
    "challenge-invalid",
)


@routes.post(
    "/submissions",
    Policy(EVERYONE, Body.MULTIPART, deeds=("submission.add",), credentials=ONLY_TOKENS),
    Doc({202: _ACCEPTED}, _POST_PROBLEMS, request_body=_FORM),
)
def post_submission(header: SubmitHeaders) -> Response:
    """Submit a fix. With an `Idempotency-Key` header, sending the same again answers with the same submission."""
    form = submission_form(single_fields(FIELDS))
    taken = take_in(form, key_of(header.idempotency_key, form))
    response = _accepted(taken.record, taken.grading, taken.submission)
    response.headers.extend(dict(taken.headers))
    return response


def _accepted(record: SubmissionRecord, grading: GradingRecord, submission: Submission | None = None) -> Response:
    response = jsonify(
        as_json(
            SubmissionAccepted(
                id=record.id,
                status=grading.state,
                url=submission_url(record.id),
                events=events_url(record.id),
                grading_id=grading.id,
                left_out=list(submission.left_out) if submission is not None else [],
            )
        )
    )
    response.status_code = 202
    response.headers["Location"] = submission_url(record.id)
    return response


@routes.get("/submissions", Policy(EVERYONE), Doc({200: SubmissionList}, ("invalid-request",)))
def list_submissions(query: SubmissionsQuery) -> dict[str, Any]:
    """List submissions, newest first. A candidate sees their own."""
    token = caller()
    if query.verdict is not None and is_candidate(token) and own_sight() is CandidatesSee.RECEIPT:
        # What they are not told they can't look for, either.
        return as_json(SubmissionList(submissions=[], next=None))
    wanted = SubmissionFilter(
        challenge=query.challenge,
        token_id=token.id if is_candidate(token) else None,
        state=query.status,
        verdict=query.verdict,
    )
    page = services().store.submissions.page(wanted, after=query.after, limit=query.limit)
    note_scores_read(page.items)
    items = [submission_item(token, summary) for summary in page.items]
    return as_json(SubmissionList(submissions=items, next=page.after))


@routes.get("/submissions/<string:id>", Policy(EVERYONE), Doc({200: SubmissionView}, ("not-found",)))
def get_submission(path: SubmissionPath) -> dict[str, Any]:
    """Read a submission, how far it is, and its grade as the caller may see it."""
    submission = visible_submission(services(), caller(), path.id)
    return as_json(submission_view(services(), caller(), submission))


@routes.post(
    "/submissions/<string:id>/regrade",
    Policy(ASSESSORS, deeds=("grading.regrade",)),
    Doc({202: _ACCEPTED}, ("not-found", "conflict")),
)
def regrade(path: SubmissionPath) -> Response:
    """Grade a submission again, after everything that somebody waits for. Its grade until then is the last one."""
    submission = visible_submission(services(), caller(), path.id)
    grading = services().store.gradings.regrade(submission.id, actor=caller().actor)
    enqueue(grading)
    return _accepted(submission, grading)
