"""From a grading's id to its recorded grade.

another has it, or it is done    nothing to do
graded                           recorded, once, whatever the score
a fault of the platform          queued again and counted as a try; an error when the tries are used up
the engine as a whole is down    given back, uncounted: that is no sign of a bad grading
the package is not usable        given back, uncounted: this worker may lack what others have, or it is being
                                 replaced just now; an error `challenge_wait_s` after the first time
there is no package at all       given back, uncounted, and this slot takes nothing more until there is one
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from runner.errors import (
    ChallengeNotFound,
    ChallengeUnsuited,
    NoChallenges,
    PackageInvalid,
    PlatformFault,
    SandboxUnavailable,
)
from runner.grading.exchanges import LastExchanges
from runner.grading.models import Grade
from runner.grading.report import Observer
from runner.grading.service import GradingOptions, grade_submission
from runner.packages.package import ChallengePackage
from store.errors import StoreUnavailable
from store.progress import Numbering
from store.queue import QueueUnavailable
from store.records import Claim
from store.states import ClaimPolicy, GradingState
from worker.context import WorkerContext
from worker.hold import Hold
from worker.telling import Telling

_log = logging.getLogger(__name__)
T = TypeVar("T")
#: Pauses in seconds before asking a database again that went away. Its restart takes seconds; nothing is graded anew.
DATABASE_PAUSES_S = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0)
#: What a grading may take beyond the sum of its own deadlines: starting a pair on a machine under load.
STUCK_SLACK_S = 120.0


def run_grading(context: WorkerContext, grading_id: str) -> None:
    """Grade once, if it is still to be done. Raises PlatformFault when this slot can't work for now.

    That is when the database can't be asked or told, or the engine is down: nothing is lost, others may go on.
    """
    claim = context.store.claims.take(grading_id, context.name, context.policy)
    if claim is None:
        _log.info("grading %s: nothing to do, it is done or another has it", grading_id)
        return
    with Telling(context.progress.of(grading_id)) as progress, Hold(context.store, claim, context.on_stuck) as hold:
        progress.publish("started", {"try": claim.tries, "run": claim.run})
        context.holding.put(hold)
        try:
            _run_held(context, hold, progress)
        finally:
            context.holding.put(None)


def _run_held(context: WorkerContext, hold: Hold, progress: Telling) -> None:
    claim = hold.claim
    numbering = Numbering(claim.run)

    def observe(kind: str, data: Mapping[str, Any]) -> None:
        numbered = numbering.number(kind, data)
        progress.publish(kind, numbered)
        hold.note(kind, numbered)

    try:
        last = LastExchanges()
        grade = _grade(context, hold, observe, last)
        unstored = hold.take_unstored()
        recorded = persist(lambda: context.store.claims.record_grade(claim, grade, unstored, last.by_test()))
    except StoreUnavailable:
        raise  # the lease runs out, and the reconciler queues it again
    except (PackageInvalid, ChallengeNotFound) as error:
        message = f"{_unusable(claim)}: {error.message}"
        if _waited_for_its_challenge_s(context, claim) < context.settings.challenge_wait_s:
            _give_back(hold, progress, message)
            _leave_it_to_others(context, error)
        else:
            _record_fault(context, _in_its_last_try(claim), progress, message)
    except NoChallenges as fault:
        _give_back(hold, progress, fault.message)
        raise
    except SandboxUnavailable as fault:
        if _engine_works(context):
            _record_fault(context, claim, progress, fault.message)
            return
        _give_back(hold, progress, fault.message)
        raise
    except PlatformFault as fault:
        _record_fault(context, claim, progress, fault.message)
    except Exception as error:
        _log.exception("grading %s: a fault in Mendbox itself", claim.grading_id)
        _record_fault(context, claim, progress, f"a fault in the worker: {type(error).__name__}")
    else:
        if recorded:
            _log.info("grading %s: %s, score %d", claim.grading_id, grade.verdict, grade.score)
            progress.publish("graded", {})
        else:
            _log.warning("grading %s: not recorded, another worker has it", claim.grading_id)


def _grade(context: WorkerContext, hold: Hold, observe: Observer, last: LastExchanges) -> Grade:
    claim = hold.claim
    queued_s = _seconds_since(claim.queued_at)
    submission = context.store.submissions.content(claim.submission_id)
    package = context.packages.get(claim.challenge, claim.variant)
    if package.digest != claim.challenge_digest:
        _log.warning("grading %s: %s has changed since it was submitted to", claim.grading_id, claim.challenge)
    hold.expect_end_within(longest_s(package))
    options = GradingOptions(seed=claim.seed, queued_s=queued_s, observe=observe, watch=last.note)
    return grade_submission(package, submission, context.sandbox, options)


def longest_s(package: ChallengePackage) -> float:
    """The most seconds that a grading of this challenge may take before it counts as stuck."""
    limits = package.manifest.limits
    # Twice: an app that ends its own container is run again in another pair.
    return 2 * (limits.app_start_s + limits.grading_s) + STUCK_SLACK_S


def _record_fault(context: WorkerContext, claim: Claim, progress: Telling, message: str) -> None:
    state = persist(lambda: context.store.claims.record_error(claim, message))
    _log.warning("grading %s, try %d of %d: %s", claim.grading_id, claim.tries, context.settings.tries, message)
    if state is not None:
        progress.publish("error" if state is GradingState.ERROR else "requeued", {})


def _give_back(hold: Hold, progress: Telling, reason: str) -> None:
    persist(lambda: hold.give_back(reason))
    progress.publish("requeued", {})


def _leave_it_to_others(context: WorkerContext, error: Exception) -> None:
    """What this host can't grade, and others can: take nothing until it has been queued again, for them to take.

    Else this one, which did nothing meanwhile, would be the first to get it again, each time.
    """
    if not isinstance(error, ChallengeUnsuited):
        return
    try:
        is_alone = context.queue.hosts() <= {socket.gethostname()}
    except QueueUnavailable:
        return
    if not is_alone:
        context.gate.rest(1.5 * context.settings.reconcile_s)


def _unusable(claim: Claim) -> str:
    return f"the challenge {claim.challenge} can't be graded as it is installed here"


def _waited_for_its_challenge_s(context: WorkerContext, claim: Claim) -> float:
    """Seconds since a worker gave the grading back because of its challenge, for the first time; 0 before that."""
    for event in context.store.events.since(claim.grading_id):
        if event.kind == "state" and str(event.data.get("reason", "")).startswith(_unusable(claim)):
            return _seconds_since(event.at)
    return 0.0


def _seconds_since(moment: datetime) -> float:
    """Clocks of two machines may differ, so it is never below 0."""
    return max(0.0, (datetime.now(UTC) - moment).total_seconds())


def _in_its_last_try(claim: Claim) -> Claim:
    return replace(claim, policy=ClaimPolicy(lease_s=claim.policy.lease_s, max_tries=1))


def _engine_works(context: WorkerContext) -> bool:
    try:
        context.sandbox.check()
    except PlatformFault:
        return False
    return True


def persist(call: Callable[[], T]) -> T:
    """Call until the database is there again, within reason. Raises StoreUnavailable after the last pause."""
    for pause_s in DATABASE_PAUSES_S:
        try:
            return call()
        except StoreUnavailable as fault:
            _log.warning("%s; once more in %.1f s", fault, pause_s)
            time.sleep(pause_s)
    return call()
