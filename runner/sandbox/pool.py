"""Sandboxes over the container engine: one pair for each grading, cold or from a pool of warm ones."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from runner.errors import AppContainerEnded, ChallengeUnsuited, PlatformFault, Problem, SandboxUnavailable
from runner.grading.report import Observer, RunReport, Work
from runner.limits import Limits
from runner.sandbox import runtimes
from runner.sandbox.engine import Engine
from runner.sandbox.pair import Pair
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.starting import Pace, start_pair
from runner.sandbox.visible import run_visible
from runner.services import SERVICES
from runner.visible_run import Told, VisibleReport, VisibleWork

#: The names of the servers beside an app, sorted: pairs of the same names are of one kind.
Services = tuple[str, ...]
_log = logging.getLogger(__name__)
#: Seconds between tries to start a warm pair while the engine refuses; a grading's own try is not delayed.
_REFILL_PAUSE_S = 2.0


class DockerSandbox:
    """A `Sandbox` that keeps `warm_pairs` pairs ready and destroys each after one use.

    With `warm_pairs=0` every grading starts its own pair. One thread starts pairs and destroys used ones, rather after
    gradings than beside them, so that a grading has its share of the machine for itself. Challenges whose limits on the
    containers differ from the defaults get a pair of their own. Pairs with servers beside the app are kept ready as
    well, as many of each kind, from the first grading that asks for them until none has for `warm_max_age_s`.
    """

    def __init__(self, engine: Engine, settings: SandboxSettings) -> None:
        """Nothing is started yet. Raises SandboxUnavailable when the image is not there."""
        self._engine = engine
        self._settings = settings
        self._image_id = engine.image_id(settings.image)
        self._runtime, _ = engine.runtime(settings.runtime)
        self._gvisor = engine.is_gvisor(settings.runtime)
        self._python = ""
        self._limits = Limits()
        self._warm: dict[Services, deque[Pair]] = {(): deque()}
        self._used: deque[Pair] = deque()
        self._left: deque[Pair] = deque()
        self._busy: Counter[Services] = Counter()
        self._asked_at: dict[Services, float] = {}
        self._told = False
        self._starting: Services | None = None
        self._pace: Pace | None = None
        self._waiting: Counter[Services] = Counter()
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

    def expect(self, kinds: Collection[Services]) -> None:
        """Keep pairs with these servers ready, too, as if a grading had just asked for each; warns where it can't."""
        try:
            for services in kinds:
                self._require_services(services)
        except ChallengeUnsuited as error:
            _log.warning("%s", error.problems[0].message)
            return
        with self._change:
            for services in kinds:
                self._warm.setdefault(services, deque())
                self._asked_at[services] = time.monotonic()
            self._change.notify_all()

    def start(self) -> None:
        """Begin to keep pairs warm."""
        self._keeper = threading.Thread(target=self._keep, name="warm-pairs", daemon=True)
        self._keeper.start()

    def wait_until_warm(self, timeout_s: float, services: Services = (), pairs: int | None = None) -> bool:
        """Whether so many warm pairs with these servers are ready within `timeout_s`; all of them, unless told."""
        wanted = self._settings.warm_pairs if pairs is None else min(pairs, self._settings.warm_pairs)
        with self._awaited(services):
            return self._change.wait_for(lambda: len(self._warm[services]) >= wanted, timeout_s)

    def probe(self) -> None:
        """Start a pair, to see whether one can be started now. Raises SandboxUnavailable when none can.

        An engine that shuts down, or whose containers don't start, still answers questions.
        """
        pair = start_pair(self._engine, self._settings, self._limits)
        with self._change:
            if not self._closing and len(self._warm[()]) < self._settings.warm_pairs:
                self._warm[()].append(pair)
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
        for pair in [*(pair for pairs in self._warm.values() for pair in pairs), *self._used]:
            self._destroy(pair)
        self._warm = {(): deque()}
        self._used.clear()

    def run(self, work: Work, observe: Observer) -> RunReport:
        """Grade once in a pair of its own. Raises PlatformFault, or ChallengeUnsuited where its servers can't be had.

        Where the app could have ended its own container it is run a second time, in another pair: twice is no accident.
        """
        self._require_services(work.services)
        try:
            return self._run_in_pair(work, observe, blame_app=False)
        except AppContainerEnded:
            if not self._gvisor:
                raise
        return self._run_in_pair(work, observe, blame_app=True)

    def run_visible(self, work: VisibleWork, told: Told, stopped: Callable[[], bool]) -> VisibleReport:
        """Run a candidate's visible tests, in a container of their own beside any grading: see `run_visible` there."""
        return run_visible(self._engine, self._settings, work, told, stopped)

    def _require_services(self, services: Services) -> None:
        if services and self._gvisor:
            raise ChallengeUnsuited(
                Problem("challenge.toml", "services", runtimes.no_services(services, self._runtime)),
                hint="grade it on a host whose MENDBOX_RUNTIME is runc",
            )
        for name in services:
            if not self._settings.server_images.get(name):
                service = SERVICES[name]
                raise ChallengeUnsuited(
                    Problem(
                        "challenge.toml",
                        "services",
                        f"it brings a {service.title} of its own, and this host has no image for that",
                    ),
                    hint=f"set {service.variable} to what `mendbox image build` made beside the sandbox image",
                )

    def _run_in_pair(self, work: Work, observe: Observer, *, blame_app: bool) -> RunReport:
        with self._change:
            self._busy[work.services] += 1
            self._asked_at[work.services] = time.monotonic()
            self._warm.setdefault(work.services, deque())
        try:
            asked_at = time.monotonic()
            pair, warm = self._take(work.limits, work.services)
            pair_s = time.monotonic() - asked_at
            try:
                report = pair.run(work, observe, warm=warm, blame_app=blame_app)
                return replace(report, phases={**report.phases, "pair_s": pair_s})
            finally:
                self._used.append(pair)
        finally:
            with self._change:
                self._busy[work.services] -= 1
                self._change.notify_all()
            if self._keeper is None:
                self._destroy_used()

    def _take(self, limits: Limits, services: Services) -> tuple[Pair, bool]:
        ready = self._warm[services]
        while _same_containers(limits, self._limits):
            # One that is being started is there sooner than one that is begun now.
            with self._awaited(services):
                self._change.wait_for(lambda: ready or self._starting != services)
                if not ready:
                    break
                pair = ready.popleft()
            if pair.alive():
                return pair, True
            self._destroy(pair)
        pair = start_pair(self._engine, self._settings, limits, services)
        self._python = pair.python
        return pair, False

    @contextmanager
    def _awaited(self, services: Services) -> Iterator[None]:
        """With the lock held, in the knowledge of the keeper: it starts no pair of that kind by the way."""
        with self._change:
            self._waiting[services] += 1
            pace = self._pace if self._starting == services and not self._warm[services] else None
        try:
            if pace is not None:
                with suppress(SandboxUnavailable):
                    pace.hurry()
            with self._change:
                yield
        finally:
            with self._change:
                self._waiting[services] -= 1

    # -- the keeper's thread ---------------------------------------------------------------------------------

    def _keep(self) -> None:
        while True:
            try:
                if not self._keep_once():
                    return
            except Exception:
                # Used pairs would stay for ever if this thread ended: a machine may be out of threads for a moment.
                _log.exception("keeping pairs warm goes on after a fault in Mendbox itself")
                with self._change:
                    self._change.wait_for(lambda: self._closing, _REFILL_PAUSE_S)

    def _keep_once(self) -> bool:
        """Wait for something to do and do it; False once all is to end."""
        with self._change:
            while not self._closing and not self._work_to_do():
                self._change.wait(30.0)
            if self._closing:
                return False
            self._starting = self._short_of()
            if self._starting is not None:
                self._pace = Pace(self._engine, hurried=self._waiting[self._starting] > 0)
        if self._starting is not None:
            self._add(self._starting)
        self._destroy_used()
        self._drop_old()
        return True

    def _work_to_do(self) -> bool:
        used = len(self._used) > (max(1, self._settings.warm_pairs) if self._busy.total() else 0)
        return used or self._short_of() is not None or self._oldest() is not None

    def _short_of(self) -> Services | None:
        """The kind of which a pair should be started: one in use keeps its place until its grading is over."""
        for services, ready in self._warm.items():
            wanted = not services or time.monotonic() - self._asked_at[services] < self._settings.warm_max_age_s
            if wanted and self._busy[services] + len(ready) < self._settings.warm_pairs:
                return services
        return None

    def _oldest(self) -> Services | None:
        """A kind of which a pair has waited for too long."""
        limit = time.monotonic() - self._settings.warm_max_age_s
        return next((services for services, ready in self._warm.items() if ready and ready[0].ready_at < limit), None)

    def _drop_old(self) -> None:
        while True:
            with self._change:
                services = self._oldest()
                if services is None:
                    return
                pair = self._warm[services].popleft()
            self._destroy(pair)

    def _add(self, services: Services) -> None:
        """Start a pair, with `_starting` and `_pace` set meanwhile."""
        pair: Pair | None = None
        try:
            pair = start_pair(self._engine, self._settings, self._limits, services, self._pace)
            self._python = pair.python
        except PlatformFault as error:
            # Told once, until one starts again: an engine may be away for long.
            _log.log(logging.DEBUG if self._told else logging.WARNING, "no warm pair could be started: %s", error)
            self._told = True
        else:
            self._told = False
        finally:
            with self._change:
                self._starting = None
                if pair is not None:
                    self._warm[services].append(pair)
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
        while True:
            try:
                left = self._left.popleft()
            except IndexError:  # also where another thread was faster
                return
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
