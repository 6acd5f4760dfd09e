"""Puts back into the queue what it lost: the database knows what is to be graded, Redis only remembers.

Also how a platform fault waits before its next try, and how a dead worker's grading comes to another. Any number of
supervisors may do this at once: queueing a grading twice is harmless.
"""

from __future__ import annotations

import logging

from store.queue import GradingQueue
from store.store import Store

_log = logging.getLogger(__name__)
#: Rows younger than this may be on their way into the queue.
YOUNG_S = 2.0


def reconcile(store: Store, queue: GradingQueue, *, young_s: float = YOUNG_S) -> int:
    """Queue what should be in the queue and is not; how many. Raises PlatformFault."""
    lost = store.backlog.lost(queued_for_s=young_s)
    if not lost:
        return 0
    missing = set(queue.missing(grading.grading_id for grading in lost))
    # They waited before what is in the queue now: to its front, the last one first so that they keep their order.
    for grading in reversed(lost):
        if grading.grading_id in missing:
            queue.enqueue(grading.grading_id, grading.priority, at_front=True)
    if missing:
        _log.info("%d gradings queued again", len(missing))
    return len(missing)
