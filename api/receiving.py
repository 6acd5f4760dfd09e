"""Taking a fix in, whichever way it came: read it, hold it against rules and quotas, store it, queue it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from api.context import caller, services
from api.doors import SubmissionQuota
from api.invitations import attempts_allowed, attempts_used, check_time_left
from api.problems import ApiProblem
from api.rejections import note_rejection
from api.uploads import SubmissionForm
from api.variants import variant_for
from runner.errors import PlatformFault, SubmissionRejected
from runner.packages.package import ChallengePackage
from runner.submissions.model import Submission
from runner.submissions.normalise import normalise
from store.errors import AllowanceUsed, KeyUsed
from store.queue import QueueUnavailable
from store.records import GradingRecord, IdempotencyKey, Origin, SubmissionRecord

_log = structlog.get_logger("mendbox.api")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a fix. `submission`: None where the same request had made it before.

    `headers`: what is left of the quota.
    """

    record: SubmissionRecord
    grading: GradingRecord
    submission: Submission | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def take_in(form: SubmissionForm, key: IdempotencyKey | None) -> TakenIn:
    """Store what the caller sent, and queue it. The same request with the same key is taken in once.

    Raises ApiProblem, SubmissionRejected, ChallengeNotFound, PackageInvalid, PlatformFault.
    """
    _check_allowed(form.challenge)
    if key is not None and (made := _made_with(key)) is not None:
        return TakenIn(made, services().store.gradings.latest(made.id))
    check_time_left()
    package = variant_for(services().catalogue.get(form.challenge), form.variant).package
    try:
        submission = normalise(form.upload, package.starter, package.manifest.editable, package.slug, services().limits)
    except SubmissionRejected as error:
        note_rejection(services(), caller(), package.slug, error)
        raise
    me = caller()
    origin = Origin(package.slug, package.digest, form.source, me.id, package.variant, me.actor)
    # Only now: what was rejected tells nothing of the hidden suite, and what was sent before is no new submission.
    quota, attempts = SubmissionQuota(package.slug), attempts_allowed()
    quota.take()
    allowances = quota.allowances if attempts is None else (*quota.allowances, attempts)
    try:
        record, grading = services().store.submissions.add(submission, origin, key=key, allowances=allowances)
    except PlatformFault:
        quota.give_back()
        raise
    except AllowanceUsed as used:
        if attempts is not None and used.number == len(quota.allowances):
            quota.give_back()
            raise attempts_used(attempts) from None
        raise quota.refused(used) from None
    except KeyUsed:
        quota.give_back()
        # The same request arrived twice at once, or the same fix was packed anew, or the key is used for another.
        assert key is not None
        made = _made_with(key, submission, package)
        if made is None:
            raise _reused() from None
        return TakenIn(made, services().store.gradings.latest(made.id), submission)
    enqueue(grading)
    services().metrics.submissions.labels(form.source.value).inc()
    return TakenIn(record, grading, submission, quota.headers())


def enqueue(grading: GradingRecord) -> None:
    """Tell the queue of a grading that is stored. A queue that is gone is no error: the reconciler does it later."""
    try:
        services().queue.enqueue(grading.id, grading.priority)
    except QueueUnavailable as error:
        _log.warning("not enqueued; the reconciler will do it", grading=grading.id, reason=error.message)


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
