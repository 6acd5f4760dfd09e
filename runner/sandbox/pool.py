"""Sandboxes over the container engine: one pair for each grading, cold or from a pool of warm ones."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from runner.errors import AppContainerEnded, PlatformFault, SandboxUnavailable
from runner.grading.report import Observer, RunReport, Work
from runner.limits import Limits
from runner.sandbox.engine import Engine
from runner.sandbox.pair import Pair, start_pair
from runner.sandbox.settings import SandboxSettings

_log = logging.getLogger(__name__)
#: Seconds between tries to start a warm pair while the engine refuses; a grading's own try is not delayed.
_REFILL_PAUSE_S = 2.0


class DockerSandbox:
    """A `Sandbox` that keeps `warm_pairs` pairs ready and destroys each after one use.

    With `warm_pairs=0` every grading starts its own pair. One thread starts pairs and destroys used ones, rather after
    gradings than beside them, so that a grading has its share of the machine for itself. Challenges whose limits on the
    containers differ from the defaults get a pair of their own.
    """

    def __init__(self, engine: Engine, settings: SandboxSettings) -> None:
        """Nothing is started yet. Raises SandboxUnavailable when the image is not there."""
        self._engine = engine
        self._settings = settings
        self._image_id = engine.image_id(settings.image)
        self._runtime, self._init_is_safe = engine.runtime(settings.runtime)
        self._python = ""
        self._limits = Limits()
        self._warm: deque[Pair] = deque()
        self._used: deque[Pair] = deque()
        self._left: deque[Pair] = deque()
        self._busy = 0
        self._told = False
        self._starting = False
        self._closing = False
        self._change = threading.Condition()
        self._keeper: threading.Thread | None = None

    @property
    def environment(self) -> Mapping[str, Any]:
        """`{image, image_id, python, runtime, mendbox}` of its pairs; `python` is known once a pair was started."""
        return {
            "image": self._settings.image,
            "image_id": self._image_id,
            "python": self._python,
            "runtime": self._runtime,
            "mendbox": version("mendbox"),
        }

    def start(self) -> None:
        """Begin to keep pairs warm."""
        self._keeper = threading.Thread(target=self._keep, name="warm-pairs", daemon=True)
        self._keeper.start()

    def wait_until_warm(self, timeout_s: float) -> bool:
        """Whether all warm pairs are ready within `timeout_s`."""
        with self._change:
            return self._change.wait_for(lambda: len(self._warm) >= self._settings.warm_pairs, timeout_s)

    def probe(self) -> None:
        """Start a pair, to see whether one can be started now. Raises SandboxUnavailable when none can.

        An engine that shuts down, or whose containers don't start, still answers questions.
        """
        pair = start_pair(self._engine, self._settings.image, self._settings, self._limits)
        with self._change:
            if not self._closing and len(self._warm) < self._settings.warm_pairs:
                self._warm.append(pair)
                self._change.notify_all()
                return
        self._destroy(pair)

    def close(self) -> None:
        """End every pair, used or not."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        if self._keeper is not None:
            self._keeper.join()
        for pair in [*self._warm, *self._used]:
            self._destroy(pair)
        self._warm.clear()
        self._used.clear()

    def run(self, work: Work, observe: Observer) -> RunReport:
        """Grade once in a pair of its own. Raises PlatformFault.

        Where the app could have ended its own container it is run a second time, in another pair: twice is no accident.
        """
        try:
            return self._run_in_pair(work, observe, blame_app=False)
        except AppContainerEnded:
            if self._init_is_safe:
                raise
        return self._run_in_pair(work, observe, blame_app=True)

    def _run_in_pair(self, work: Work, observe: Observer, *, blame_app: bool) -> RunReport:
        with self._change:
            self._busy += 1
        try:
            asked_at = time.monotonic()
            pair, warm = self._take(work.limits)
            pair_s = time.monotonic() - asked_at
            try:
                report = pair.run(work, observe, warm=warm, blame_app=blame_app)
                return replace(report, phases={**report.phases, "pair_s": pair_s})
            finally:
                self._used.append(pair)
        finally:
            with self._change:
                self._busy -= 1
                self._change.notify_all()
            if self._keeper is None:
                self._destroy_used()

    def _take(self, limits: Limits) -> tuple[Pair, bool]:
        while _same_containers(limits, self._limits):
            with self._change:
                # One that is being started is there sooner than one that is begun now.
                self._change.wait_for(lambda: self._warm or not self._starting)
                if not self._warm:
                    break
                pair = self._warm.popleft()
            if pair.alive():
                return pair, True
            self._destroy(pair)
        pair = start_pair(self._engine, self._settings.image, self._settings, limits)
        self._python = pair.python
        return pair, False

    # -- the keeper's thread ---------------------------------------------------------------------------------

    def _keep(self) -> None:
        while True:
            with self._change:
                while not self._closing and not self._work_to_do():
                    self._change.wait(30.0)
                if self._closing:
                    return
                self._starting = self._is_short()
            if self._starting:
                self._add()
            self._destroy_used()
            self._drop_old()

    def _work_to_do(self) -> bool:
        used = len(self._used) > (max(1, self._settings.warm_pairs) if self._busy else 0)
        return used or self._is_short() or self._oldest_is_old()

    def _is_short(self) -> bool:
        """Whether a pair should be started: one that is in use keeps its place until its grading is over."""
        return self._busy + len(self._warm) < self._settings.warm_pairs

    def _oldest_is_old(self) -> bool:
        return bool(self._warm) and time.monotonic() - self._warm[0].ready_at > self._settings.warm_max_age_s

    def _drop_old(self) -> None:
        while True:
            with self._change:
                if not self._oldest_is_old():
                    return
                pair = self._warm.popleft()
            self._destroy(pair)

    def _add(self) -> None:
        """Start a pair, with `_starting` set meanwhile."""
        pair: Pair | None = None
        try:
            pair = start_pair(self._engine, self._settings.image, self._settings, self._limits)
            self._python = pair.python
        except PlatformFault as error:
            # Told once, until one starts again: an engine may be away for long.
            _log.log(logging.DEBUG if self._told else logging.WARNING, "no warm pair could be started: %s", error)
            self._told = True
        else:
            self._told = False
        finally:
            with self._change:
                self._starting = False
                if pair is not None:
                    self._warm.append(pair)
                self._change.notify_all()
        if pair is None:
            with self._change:
                self._change.wait_for(lambda: self._closing, _REFILL_PAUSE_S)

    def _destroy_used(self) -> None:
        while True:
            with self._change:
                if not self._used:
                    return
                pair = self._used.popleft()
            self._destroy(pair)

    def _destroy(self, pair: Pair) -> None:
        """Destroy a pair, and those that an engine in trouble would not destroy before."""
        self._left.append(pair)
        while self._left:
            left = self._left.popleft()
            try:
                left.destroy()
            except SandboxUnavailable as error:
                _log.warning("a used pair is still there: %s", error)
                self._left.append(left)
                return


def _same_containers(one: Limits, other: Limits) -> bool:
    """Whether two sets of limits make the same containers: deadlines are the relay's and travel with the work."""
    fields = ("memory_mb", "pids", "cpus", "tmpfs_mb", "tmpfs_inodes")
    small = one.response_kb <= other.response_kb
    return small and all(getattr(one, field) == getattr(other, field) for field in fields)
