"""The worker of one machine: a process for each slot, restarted when it dies, and the housekeeping. Where webhooks are
set up, one more delivers them.

    python -m worker.supervisor [--slots N] [--sandbox module:Provider] [--grace-s 20] [--watch-stdin]

Slots are started anew, not forked: nothing of the engine's or the database's connections is shared. They end when this
process ends, however it ends, because their standard input is a pipe from it. Any number of supervisors, on any number
of machines, may work for the same queue and database.
"""

from __future__ import annotations

import argparse
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from runner.errors import MendboxError
from runner.packages.finder import require_challenges
from store.engine import utc_now
from store.outbound import hold_to
from store.queue import GradingQueue, connect
from store.settings import Settings
from store.store import Store
from worker import logs
from worker.housekeeper import Chore, Housekeeper
from worker.process import CLOSE_S, GRACE_S, require_redis, worker_places
from worker.reconciler import reconcile
from worker.retention import EVERY_S, erase_old
from worker.sandboxes import DOCKER, provider
from worker.signals import SignalInbox
from worker.webhooks import target_of

_log = logging.getLogger(__name__)
#: How often containers of dead owners are looked for; also at once when a slot dies.
REAP_S = 15.0
#: A slot that lived less than this died of the same thing as before: the next start waits longer.
SHORT_LIFE_S = 10.0
RESTART_FIRST_S = 0.2
RESTART_LONGEST_S = 30.0


@dataclass(frozen=True, slots=True)
class SupervisorOptions:
    """How a supervisor runs. `slots` 0: as in the settings, or one for each core. `environ`: the slots', else ours."""

    slots: int = 0
    sandbox: str = DOCKER
    grace_s: float = GRACE_S
    watch_stdin: bool = False
    environ: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(slots=True)
class _Child:
    """A process, a slot's or the one that delivers webhooks, and when it may be started again."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause_s: float = RESTART_FIRST_S

    def died(self, now: float) -> None:
        """Note the death; the next start is the later the shorter it lived."""
        lived_long = now - self.started_at > SHORT_LIFE_S
        self.pause_s = RESTART_FIRST_S if lived_long else min(self.pause_s * 2, RESTART_LONGEST_S)
        self.start_at = now + self.pause_s
        self.process = None


class Supervisor:
    """Keeps the processes of one machine. `run` returns when it was told to stop and every slot has ended."""

    def __init__(self, settings: Settings, options: SupervisorOptions) -> None:
        """Raises MendboxError for settings that no slot could start with."""
        require_redis(settings)
        require_challenges(settings.challenges)
        self._settings = settings
        self._options = options
        self._provider = provider(options.sandbox, settings)
        count = options.slots or settings.slots or cores()
        slot = ("worker.process", "--sandbox", options.sandbox, "--grace-s", str(options.grace_s), "--watch-stdin")
        self._children = [_Child(f"slot {number}", slot) for number in range(1, count + 1)]
        if settings.webhook_url:
            target_of(settings)
            self._children.append(_Child("webhooks", ("worker.webhooks", "--watch-stdin")))

    def run(self) -> None:
        """Keep the slots running until SIGTERM, SIGINT, or the end of the parent."""
        inbox = SignalInbox(signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
        with Store.open(self._settings.effective_database_url) as store, inbox:
            queue = GradingQueue(connect(self._settings.redis_url), self._settings)
            chores = [
                Chore("reap", REAP_S, self._provider.reap),
                Chore("reconcile", self._settings.reconcile_s, lambda: reconcile(store, queue)),
                Chore("erase", EVERY_S, lambda: erase_old(store, self._settings.retention_days, utc_now())),
            ]
            with Housekeeper(chores) as housekeeper:
                try:
                    self._keep_slots(inbox, housekeeper)
                finally:
                    self._stop_slots(inbox)
        self._reap_last()

    def _keep_slots(self, inbox: SignalInbox, housekeeper: Housekeeper) -> None:
        parent = [sys.stdin.fileno()] if self._options.watch_stdin else []
        while True:
            now = time.monotonic()
            for child in self._children:
                if child.process is not None and (code := child.process.poll()) is not None:
                    child.died(now)
                    _log.error("%s ended with code %d, another in %.1f s", child.name, code, child.pause_s)
                    housekeeper.hurry("reap")
                if child.process is None and child.start_at <= now:
                    self._start(child)
            waiting = [child.start_at - now for child in self._children if child.process is None]
            readable, _, _ = select.select(
                [inbox.fileno(), *parent], [], [], max(0.0, min(waiting)) if waiting else None
            )
            if any(number != signal.SIGCHLD for number in inbox.take()):
                return
            if parent and parent[0] in readable:
                _log.info("stopping: the process that started this one ended")
                return

    def _start(self, child: _Child) -> None:
        options = self._options
        child.process = subprocess.Popen(
            [sys.executable, "-m", *child.arguments],
            stdin=subprocess.PIPE,
            env=None if options.environ is None else dict(options.environ),
            # Ctrl+C in a terminal reaches this process alone, which stops the slots in order.
            start_new_session=True,
        )
        child.started_at = time.monotonic()
        _log.info("%s is process %d", child.name, child.process.pid)

    def _stop_slots(self, inbox: SignalInbox) -> None:
        """Ask all to stop; a second signal to us is one to them; kill what is left after their grace time."""
        running = [child.process for child in self._children if child.process is not None]
        deadline = time.monotonic() + self._options.grace_s + 2 * CLOSE_S
        _signal_all(running, signal.SIGTERM)
        while any(process.poll() is None for process in running):
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                _log.error("slots that do not stop are killed; their gradings go to others when the lease runs out")
                _signal_all(running, signal.SIGKILL)
                break
            if any(number != signal.SIGCHLD for number in inbox.take(left_s)):
                _signal_all(running, signal.SIGTERM)
        for process in running:
            process.wait()
            if process.stdin is not None:
                process.stdin.close()

    def _reap_last(self) -> None:
        """Remove what slots could not: those that were killed, or whose engine was down when they wanted to."""
        last = threading.Thread(target=Chore("reap", REAP_S, self._provider.reap).do, daemon=True)
        last.start()
        # An engine that does not answer does not keep us.
        last.join(CLOSE_S)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _signal_all(processes: Sequence[subprocess.Popen[bytes]], number: signal.Signals) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(number)


def main(argv: Sequence[str] | None = None) -> int:
    """The process' entry point; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m worker.supervisor", description="Run this machine's worker.")
    parser.add_argument("--slots", type=int, default=0, help="gradings at a time; 0: MENDBOX_SLOTS, or one per core")
    parser.add_argument("--sandbox", default=DOCKER, help="provider, as module:name")
    parser.add_argument("--grace-s", type=float, default=GRACE_S, help="seconds a grading may still take at a stop")
    parser.add_argument("--watch-stdin", action="store_true", help="stop when standard input closes")
    options = SupervisorOptions(**vars(parser.parse_args(argv)))
    return supervise(os.environ, options)


def supervise(environ: Mapping[str, str], options: SupervisorOptions) -> int:
    """Run the worker with the settings in `environ` until told to stop; the exit code."""
    try:
        settings = Settings.from_env(environ)
        logs.configure(settings.log_level, "worker")
        supervisor = Supervisor(settings, replace(options, environ=environ))
        hold_to(worker_places(settings, environ))
        supervisor.run()
    except MendboxError as error:
        _log.error("%s%s", error, f" ({error.hint})" if error.hint else "")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
