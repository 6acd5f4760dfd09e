"""One slot: a process that grades one submission at a time, with warm pairs of its own.

    python -m worker.process [--sandbox module:Provider] [--grace-s 20] [--watch-stdin]

Settings come from `MENDBOX_*`; MENDBOX_REDIS_URL must be set. Started and restarted by `worker.supervisor`.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runner.errors import MendboxError, PlatformFault
from store.outbound import Outbound, database_places, engine_place, hold_to, place_of
from store.progress import Progress
from store.queue import GradingQueue, connect, queue_names, visible_queue_name
from store.secret_files import SettingsInvalid
from store.settings import Settings
from store.store import Store
from store.visible_runs import VisibleRuns
from worker import logs
from worker.context import WorkerContext, set_context
from worker.control import Control
from worker.gate import FIRST_PAUSE_S, LONGEST_PAUSE_S, Gate
from worker.hold import HoldSlot
from worker.packages import PackageCache
from worker.rq_worker import SlotWorker
from worker.sandboxes import DOCKER, Provider, SlotSandbox, provider
from worker.visible import VisibleThread

_log = logging.getLogger(__name__)
#: How long a grading may go on after a request to stop. Most take less than a second; the longest are given back.
GRACE_S = 20.0
#: How long to remove containers when there is no time; what is left is the reaper's.
CLOSE_S = 5.0
#: Exit code of a slot whose grading was stuck: EX_SOFTWARE.
STUCK_EXIT = 70


@dataclass(frozen=True, slots=True)
class SlotOptions:
    """How one slot runs. `grace_s`: what a grading may still take when the slot is to stop."""

    sandbox: str = DOCKER
    grace_s: float = GRACE_S
    watch_stdin: bool = False


class Slot:
    """The process' one slot. `run` returns when it was told to stop."""

    def __init__(self, settings: Settings, options: SlotOptions) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self._settings = settings
        self._options = options
        self._holding = HoldSlot()
        self._sandbox: SlotSandbox | None = None
        self._queue = GradingQueue(connect(settings.redis_url), settings)
        self._leaving = threading.Lock()

    def run(self) -> None:
        """Grade until told to stop."""
        source = provider(self._options.sandbox, self._settings)
        parent_fd = sys.stdin.fileno() if self._options.watch_stdin else None
        control = Control(self._abandon, grace_s=self._options.grace_s, parent_fd=parent_fd)
        with control, Store.open(self._settings.effective_database_url) as store:
            self._sandbox = open_sandbox(source, control.stopping)
            if self._sandbox is None:
                return
            try:
                self._work(store, self._sandbox, control.stopping)
            finally:
                self._sandbox.close()

    def _work(self, store: Store, sandbox: SlotSandbox, stopping: threading.Event) -> None:
        settings = self._settings
        packages = PackageCache(settings.challenges)
        gate = Gate([store.check, sandbox.check, packages.check], stopping)
        gate.shut()  # opens with the first check
        context = WorkerContext(
            name=self.name,
            settings=settings,
            store=store,
            queue=self._queue,
            progress=Progress(connect(settings.redis_url, call_timeout_s=1.0), settings),
            packages=packages,
            sandbox=sandbox,
            gate=gate,
            visible=VisibleRuns(connect(settings.redis_url), settings),
            on_stuck=self._leave_stuck,
            holding=self._holding,
            stopping=stopping,
        )
        set_context(context)
        _log.info("slot %s takes gradings from %s", self.name, ", ".join(queue_names(settings)))
        beside = [visible_queue_name(settings)]
        visible = SlotWorker(beside, f"{self.name}-visible", connect(settings.redis_url, blocking=True))
        with VisibleThread(visible, stopping):
            SlotWorker(queue_names(settings), self.name, connect(settings.redis_url, blocking=True)).run(stopping, gate)
        _log.info("slot %s has stopped", self.name)

    def _abandon(self, reason: str) -> None:
        self._leave(reason, 0)

    def _leave_stuck(self) -> None:
        _log.error("the grading goes on long after all its deadlines: this slot ends itself")
        self._leave("the grading was stuck", STUCK_EXIT)

    def _leave(self, reason: str, code: int) -> None:
        """End the process now, from a thread other than the one that grades, which may wait for something for ever."""
        with self._leaving:
            try:
                # A database that stands still keeps nobody here: then the grading is left to its lease.
                giving = threading.Thread(
                    target=self._give_back, args=(reason,), kwargs={"counted": code == STUCK_EXIT}, daemon=True
                )
                giving.start()
                giving.join(CLOSE_S)
                if self._sandbox is not None:
                    closing = threading.Thread(target=self._sandbox.close, daemon=True)
                    closing.start()
                    closing.join(CLOSE_S)
            finally:
                os._exit(code)

    def _give_back(self, reason: str, *, counted: bool) -> None:
        hold = self._holding.get()
        if hold is None:
            return
        try:
            if hold.record_error(reason) if counted else hold.give_back(reason):
                _log.warning("grading %s given back: %s", hold.claim.grading_id, reason)
                self._queue.enqueue(hold.claim.grading_id, hold.claim.priority, at_front=True)
        except PlatformFault as fault:
            _log.warning("grading %s is left to its lease: %s", hold.claim.grading_id, fault)


def open_sandbox(source: Provider, stopping: threading.Event) -> SlotSandbox | None:
    """A sandbox, waited for while there can be none; None when `stopping` was set first."""
    pause_s = FIRST_PAUSE_S
    while not stopping.is_set():
        try:
            return source.open()
        except PlatformFault as fault:
            first = pause_s == FIRST_PAUSE_S
            _log.log(logging.WARNING if first else logging.DEBUG, "no sandbox until this is mended: %s", fault)
            stopping.wait(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
    return None


def worker_places(settings: Settings, environ: Mapping[str, str]) -> Outbound:
    """Where a worker may connect to: the queue server, the database and the engine."""
    database = database_places(settings.effective_database_url, environ.get("PGHOST", ""))
    return Outbound([place_of(settings.redis_url), engine_place(environ.get("DOCKER_HOST", "")), *database])


def require_redis(settings: Settings) -> None:
    """Raises SettingsInvalid unless a worker can know where the queue is."""
    if not settings.redis_url:
        raise SettingsInvalid(
            "MENDBOX_REDIS_URL is not set", hint="set it, or run `mendbox up`, which brings its own server"
        )


def main(argv: Sequence[str] | None = None) -> int:
    """The process' entry point; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m worker.process", description="Run one slot.")
    parser.add_argument("--sandbox", default=DOCKER, help="provider, as module:name")
    parser.add_argument("--grace-s", type=float, default=GRACE_S, help="seconds a grading may still take at a stop")
    parser.add_argument("--watch-stdin", action="store_true", help="stop when standard input closes")
    options = SlotOptions(**vars(parser.parse_args(argv)))
    try:
        settings = Settings.from_env(os.environ)
        logs.configure(settings.log_level, f"slot[{os.getpid()}]")
        require_redis(settings)
        hold_to(worker_places(settings, os.environ))
        Slot(settings, options).run()
    except MendboxError as error:
        _log.error("%s%s", error, f" ({error.hint})" if error.hint else "")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
