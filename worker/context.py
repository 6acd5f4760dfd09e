"""What a slot process has for its jobs. RQ calls a job with its arguments alone, so this is set once per process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from store.progress import Progress
from store.queue import GradingQueue
from store.settings import Settings
from store.states import ClaimPolicy
from store.store import Store
from store.visible_runs import VisibleRuns
from worker.gate import Gate
from worker.hold import HoldSlot
from worker.packages import PackageCache
from worker.sandboxes import SlotSandbox


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """A slot's services. `holding` tells other threads which grading it runs; `on_stuck` is what a stuck one calls.

    `stopping` is set once the slot is to end.
    """

    name: str
    settings: Settings
    store: Store
    queue: GradingQueue
    progress: Progress
    packages: PackageCache
    sandbox: SlotSandbox
    gate: Gate
    visible: VisibleRuns
    on_stuck: Callable[[], None]
    holding: HoldSlot = field(default_factory=HoldSlot)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def policy(self) -> ClaimPolicy:
        """For how long a claim holds and how often a grading is tried."""
        return ClaimPolicy(lease_s=self.settings.lease_s, max_tries=self.settings.tries)


_context: WorkerContext | None = None


def set_context(context: WorkerContext | None) -> None:
    """Called by the slot process before it takes jobs."""
    global _context  # noqa: PLW0603 -- RQ gives a job no other way to its process' services
    _context = context


def current() -> WorkerContext:
    """The slot's services. Raises RuntimeError outside a slot process."""
    if _context is None:
        raise RuntimeError("a grading job runs only in a process of worker.process, which was not set up here")
    return _context
