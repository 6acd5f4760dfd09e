"""`/submissions`: take a fix, store it, queue it; tell how it went."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Response, jsonify

from api.bodies import single_fields
from api.context import caller, services
from api.doors import SubmissionQuota
from api.idempotency import key_of
from api.problems import ApiProblem
from api.rejections import note_rejection
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
from api.variants import variant_for
from api.views import (
    events_url,
    is_candidate,
    submission_item,
    submission_url,
    submission_view,
    visible_submission,
)
from runner.errors import PlatformFault, SubmissionRejected
from runner.packages.package import ChallengePackage
from runner.submissions.model import Submission
from runner.submissions.normalise import normalise
from store.errors import AllowanceUsed, KeyUsed
from store.queue import QueueUnavailable
from store.records import Deed, GradingRecord, IdempotencyKey, Origin, SubmissionFilter, SubmissionRecord

routes = Routes("submissions", "Submissions")
_log = structlog.get_logger("mendbox.api")

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
    key = key_of(header.idempotency_key, form)
    _check_allowed(form.challenge)
    if key is not None and (made := _made_with(key)) is not None:
        return _accepted(made, services().store.gradings.latest(made.id))
    package = variant_for(services().catalogue.get(form.challenge), form.variant).package
    try:
        submission = normalise(form.upload, package.starter, package.manifest.editable, package.slug, services().limits)
    except SubmissionRejected as error:
        note_rejection(services(), caller(), package.slug, error)
        raise
    origin = Origin(package.slug, package.digest, form.source, caller().id, package.variant)
    # Only now: what was rejected tells nothing of the hidden suite, and what was sent before is no new submission.
    quota = SubmissionQuota(package.slug)
    quota.take()
    try:
        record, grading = services().store.submissions.add(submission, origin, key=key, allowances=quota.allowances)
    except PlatformFault:
        quota.give_back()
        raise
    except AllowanceUsed as used:
        raise quota.refused(used) from None
    except KeyUsed:
        quota.give_back()
        # The same request arrived twice at once, or the same fix was packed anew, or the key is used for another.
        assert key is not None
        made = _made_with(key, submission, package)
        if made is None:
            raise _reused() from None
        return _accepted(made, services().store.gradings.latest(made.id), submission)
    enqueue(grading)
    services().metrics.submissions.labels(form.source.value).inc()
    response = _accepted(record, grading, submission)
    response.headers.extend(quota.headers())
    return response


def _check_allowed(slug: str) -> None:
    if not caller().may_submit_to(slug):
        raise ApiProblem(
            "challenge-not-allowed",
            "this token may submit to: " + (", ".join(caller().challenges) or "no challenge"),
        )


def _made_with(
    key: IdempotencyKey, submission: Submission | None = None, package: ChallengePackage | None = None
) -> SubmissionRecord | None:
    """What the key made from this request, or from this fix; None where it made nothing, or something else."""
    found = services().store.submissions.made_with(key.key_sha256, caller().id)
    if found is None:
        return None
    made, kept = found
    same_fix = (
        submission is not None
        and package is not None
        and (made.challenge, made.variant, made.submission_digest) == (package.slug, package.variant, submission.digest)
    )
    return made if same_fix or kept == key else None


def _reused() -> ApiProblem:
    return ApiProblem(
        "idempotency-key-reused",
        "this Idempotency-Key made another submission",
        hint="use a new key for a new submission",
    )


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


def enqueue(grading: GradingRecord) -> None:
    """Tell the queue of a grading that is stored. A queue that is gone is no error: the reconciler does it later."""
    try:
        services().queue.enqueue(grading.id, grading.priority)
    except QueueUnavailable as error:
        _log.warning("not enqueued; the reconciler will do it", grading=grading.id, reason=error.message)


@routes.get("/submissions", Policy(EVERYONE), Doc({200: SubmissionList}, ("invalid-request",)))
def list_submissions(query: SubmissionsQuery) -> dict[str, Any]:
    """List submissions, newest first. A candidate sees their own."""
    token = caller()
    wanted = SubmissionFilter(
        challenge=query.challenge,
        token_id=token.id if is_candidate(token) else None,
        state=query.status,
        verdict=query.verdict,
    )
    page = services().store.submissions.page(wanted, after=query.after, limit=query.limit)
    graded = [summary.submission.id for summary in page.items if summary.graded is not None]
    if graded and (not is_candidate(token) or services().readings.is_new(token.id, "")):
        services().store.audit.record(Deed(token.id, "grades.list", "submission", "", {"submissions": graded}))
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
    grading = services().store.gradings.regrade(submission.id, actor=caller().id)
    enqueue(grading)
    return _accepted(submission, grading)
