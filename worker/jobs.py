"""RQ's jobs. Their import paths are what stands in the queues: `worker.jobs.grade`, with a grading's id, and
`worker.jobs.run_visible`, with the id of a run of visible tests.
"""

from __future__ import annotations

import logging

from runner.errors import PlatformFault
from worker.context import current
from worker.run import run_grading
from worker.starters import run_starter
from worker.visible import run_visible_tests

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


def run_visible(run_id: str) -> None:
    """Run a candidate's visible tests, if somebody still waits for them. Runs in a slot process only."""
    try:
        run_visible_tests(current(), run_id)
    except PlatformFault as fault:
        # Whoever waits sees that nobody gives it a pulse any more.
        _log.warning("visible tests %s: %s", run_id, fault)
