"""RQ's job. Its import path is what stands in the queue: `worker.jobs.grade`, with a grading's id."""

from __future__ import annotations

import logging

from runner.errors import PlatformFault
from worker.context import current
from worker.run import run_grading
from worker.starters import run_starter

_log = logging.getLogger(__name__)


def grade(grading_id: str) -> None:
    """Grade once, if it is still to be done. Runs in a slot process only; doing it twice changes nothing."""
    context = current()
    try:
        run_grading(context, grading_id)
    except PlatformFault as fault:
        # Not RQ's business: the database knows that the grading is not done, and the reconciler asks the database.
        _log.warning("grading %s is not done: %s", grading_id, fault)
        context.gate.shut()
    else:
        run_starter(context, grading_id)
