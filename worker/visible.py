"""Runs candidates' visible tests beside a slot's gradings: a thread of its own that empties a queue of its own.

So no grading waits for one, and where there is not enough CPU time for all, the gradings' containers get most of it.
Nothing is tried again: whoever waits for it is told that it could not be run, and begins anew.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType

from runner.errors import MendboxError, PlatformFault
from runner.limits import SubmissionLimits
from runner.submissions.drafts import submission_of_texts
from runner.visible_run import WALL_S, Readable, VisibleReport, VisibleWork
from store.visible_runs import VisibleRun, VisibleRuns
from worker.context import WorkerContext
from worker.gate import Gate
from worker.rq_worker import SlotWorker

_log = logging.getLogger(__name__)
#: How often what was printed is passed on, seconds; sooner where it is much.
PASS_ON_S = 0.1
_MUCH_CHARS = 8 * 1024
#: How often the worker says that it lives, and looks whether the run is to go on.
PULSE_S = 1.0
#: After a fault in RQ or in Mendbox itself.
_PAUSE_S = 5.0
#: How long the slot waits for the thread at its own end: to notice it, and to remove the container.
_LEAVE_S = 8.0


def run_visible_tests(context: WorkerContext, run_id: str) -> None:
    """Run once, if somebody still waits for it. Raises QueueUnavailable where nobody can be told how it ended."""
    run = context.visible.take(run_id)
    if run is None:
        _log.info("visible tests %s: nothing to do, nobody waits for them", run_id)
        return
    try:
        report = _run(context, run)
    except MendboxError as fault:
        # The package may be on its way out, or the engine down: that is seen by the gradings, too.
        _log.warning("visible tests %s of %s were not run: %s", run_id, run.challenge, fault)
        context.visible.fail(run_id)
    except Exception:
        _log.exception("visible tests %s: a fault in Mendbox itself", run_id)
        context.visible.fail(run_id)
    else:
        _log.info("visible tests %s of %s: %s", run_id, run.challenge, report.end)
        context.visible.end(run_id, report)


def _run(context: WorkerContext, run: VisibleRun) -> VisibleReport:
    package = context.packages.get(run.challenge, run.variant)
    draft = context.store.drafts.of(run.token_id, run.challenge)
    texts = {path: file.text for path, file in draft.items() if file.text is not None}
    submission = submission_of_texts(package, texts, SubmissionLimits())
    limits = package.manifest.limits
    work = VisibleWork({**package.starter, **submission.files}, limits, min(WALL_S, limits.grading_s))
    passing = Passing(context.visible, run.id, context.stopping)
    report = context.sandbox.run_visible(work, passing.told, passing.stopped)
    passing.finish()
    return report


@dataclass(slots=True)
class Passing:
    """Passes on what is printed, some of it together, and the wish that it end. Raises QueueUnavailable."""

    runs: VisibleRuns
    run_id: str
    stopping: threading.Event
    text: str = ""
    readable: Readable = field(default_factory=Readable)
    passed_on_s: float = field(default_factory=time.monotonic)
    pulse_s: float = field(default_factory=time.monotonic)

    def told(self, data: bytes, left_out: int) -> None:
        """A piece was printed, after so many bytes that were left out."""
        if left_out:
            self.text += self.readable.feed(b"", final=True)
            self.text += f"\n[… {left_out} bytes are left out here …]\n"
        self.text += self.readable.feed(data)
        if len(self.text) >= _MUCH_CHARS:
            self._pass_on()

    def stopped(self) -> bool:
        """Whether somebody has stopped it, or the slot ends. Asked all the while."""
        now = time.monotonic()
        if self.text and now - self.passed_on_s >= PASS_ON_S:
            self._pass_on()
        if now - self.pulse_s >= PULSE_S:
            self.pulse_s = now
            if not self.runs.goes_on(self.run_id):
                return True
        return self.stopping.is_set()

    def finish(self) -> None:
        """Pass on the rest."""
        self.text += self.readable.feed(b"", final=True)
        if self.text:
            self._pass_on()

    def _pass_on(self) -> None:
        self.runs.print(self.run_id, self.text)
        self.text, self.passed_on_s = "", time.monotonic()


class VisibleThread:
    """Takes runs from their queue while entered, one at a time."""

    def __init__(self, worker: SlotWorker, stopping: threading.Event) -> None:
        self._worker = worker
        self._stopping = stopping
        # Always open: a run that can't be made is no use to anybody later.
        self._gate = Gate([], stopping)
        self._thread = threading.Thread(target=self._keep, name="visible-tests", daemon=True)

    def __enter__(self) -> VisibleThread:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The slot ends, for whatever reason.
        self._stopping.set()
        self._thread.join(_LEAVE_S)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            try:
                self._worker.run(self._stopping, self._gate)
            except PlatformFault as fault:
                _log.warning("visible tests: %s", fault)
                self._stopping.wait(_PAUSE_S)
            except Exception:
                _log.exception("visible tests: a fault in Mendbox itself")
                self._stopping.wait(_PAUSE_S)
