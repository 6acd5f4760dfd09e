"""An untouched starter is run once for each package, so that assessors see what its app answered before the fix."""

from __future__ import annotations

import logging

from runner.errors import MendboxError
from runner.grading.exchanges import LastExchanges
from runner.grading.service import GradingOptions, run_suite
from runner.submissions.model import Submission
from store.states import GradingState
from worker.context import WorkerContext

_log = logging.getLogger(__name__)
#: As `mendbox challenge try` has it: any would do.
_SEED = 1


def run_starter(context: WorkerContext, grading_id: str) -> None:
    """Run the starter of what was graded, unless that is done or somebody waits: then it is done after another grading.

    Never raises for a fault: a picture that is missing harms nobody, and the next grading tries again.
    """
    try:
        _run(context, grading_id)
    except MendboxError as fault:
        _log.warning("the starter of grading %s was not run: %s", grading_id, fault.message)


def _run(context: WorkerContext, grading_id: str) -> None:
    store = context.store
    submission = store.submissions.get(store.gradings.get(grading_id).submission_id)
    package = context.packages.get(submission.challenge, submission.variant)
    if store.exchanges.has_starter(package.digest) or store.backlog.counts()[GradingState.QUEUED]:
        return
    last = LastExchanges()
    run_suite(package, Submission({}), context.sandbox, GradingOptions(seed=_SEED, watch=last.note))
    store.exchanges.add_starter(package.digest, package.slug, last.by_test(), worker=context.name)
    _log.info("the starter of %s was run once", package.slug)
