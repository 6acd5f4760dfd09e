"""Starts a pair: its containers, and the first frame of each."""

from __future__ import annotations

import contextlib
import selectors
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace

from runner.errors import SandboxUnavailable
from runner.inside.frames import Frame, FrameRefused
from runner.limits import MIB, MOST_GRADING_S, Limits
from runner.sandbox.confinement import ContainerSpec
from runner.sandbox.engine import FULL_SHARE, YIELDING_SHARE, Engine, faults, owner_labels
from runner.sandbox.pair import Container, Pair
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.stream import ContainerStream, StreamClosed
from runner.services import SERVICES

_GRADER_FRAME_BYTES = 16 * MIB
#: A pair that takes so long to start may do so because the engine stands still.
_SLOW_START_S = 5.0


class Pace:
    """How a pair is started: one container after the other, yielding to gradings, until somebody waits for it.

    Most of a start is Python that imports. Two containers that did so at once and yielded to nobody made a grading
    beside them take twice as long.
    """

    def __init__(self, engine: Engine, *, hurried: bool) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._hurried = hurried
        self._turn = threading.Event()
        self._yielding: list[str] = []

    @property
    def share(self) -> int:
        """Of CPU time, for a container that is created now; 0 is the engine's default."""
        return 0 if self._hurried else YIELDING_SHARE

    def begun(self, container_id: str, share: int) -> None:
        """Such a container was started. Raises SandboxUnavailable."""
        if share:
            with self._lock:
                self._yielding.append(container_id)
            if self._hurried:
                self._raise_shares()

    def wait_for_turn(self, before: Future[list[Container]]) -> None:
        """Wait until what starts before has started, or failed to; not where there is a hurry."""
        before.add_done_callback(lambda _: self._turn.set())
        if not self._hurried:
            self._turn.wait()

    def hurry(self) -> None:
        """Yield no longer, and wait for nothing. Raises SandboxUnavailable."""
        self._hurried = True
        self._turn.set()
        self._raise_shares()

    def _raise_shares(self) -> None:
        with self._lock:
            yielding, self._yielding = self._yielding, []
        for container_id in yielding:
            self._engine.set_share(container_id, FULL_SHARE)


def start_pair(
    engine: Engine,
    settings: SandboxSettings,
    limits: Limits,
    services: tuple[str, ...] = (),
    pace: Pace | None = None,
) -> Pair:
    """Start the containers and wait until they are ready, without a pace as fast as can be.

    Raises SandboxUnavailable.
    """
    began = time.monotonic()
    # gVisor changes no share of a container that runs.
    if pace is None or engine.is_gvisor(settings.runtime):
        pace = Pace(engine, hurried=True)
    deadline = began + settings.pair_ready_s
    # Deadlines travel with the work: a warm pair may get a grading that lasts as long as any may.
    labels = owner_labels(time.time() + settings.warm_max_age_s + MOST_GRADING_S + 60)
    image, runtime = settings.image, settings.runtime
    app = ContainerSpec("app", image, runtime, limits, labels, services=services)
    grader = ContainerSpec("grader", image, runtime, limits, labels)
    starting: list[Future[list[Container]]] = []

    def start_app() -> list[Container]:
        started = [start_container(engine, app, deadline, pace)]
        try:
            for name in services:
                started.append(_start_server(engine, settings, name, started[0], (labels, deadline, pace)))
        except BaseException:
            _discard(engine, started)
            raise
        return started

    def start_grader() -> list[Container]:
        pace.wait_for_turn(starting[0])
        return [start_container(engine, grader, deadline, pace)]

    try:
        with ThreadPoolExecutor(2) as threads:
            starting.append(threads.submit(start_app))
            starting.append(threads.submit(start_grader))
            # Interrupted here, the executor still waits for both: what is cleaned up must be known.
            wait(starting)
        (app_side, grader_side) = [future.result() for future in starting]
        pace.hurry()
    except BaseException:
        for future in starting:
            if future.exception() is None:
                _discard(engine, future.result())
        raise
    pair = Pair(engine, app_side[0], grader_side[0], limits, dict(zip(services, app_side[1:], strict=True)))
    pair.started_in_s = time.monotonic() - began
    return pair


def _start_server(
    engine: Engine, settings: SandboxSettings, name: str, app: Container, how: tuple[Mapping[str, str], float, Pace]
) -> Container:
    service = SERVICES[name]
    labels, deadline, pace = how
    image = settings.server_images.get(name)
    if not image:
        raise SandboxUnavailable(
            f"this challenge brings a {service.title} of its own, and no image for it is configured",
            hint=f"set {service.variable} to what `mendbox image build` made beside the sandbox image",
        )
    spec = ContainerSpec(name, image, settings.runtime, service.limits, labels, beside=app.id)
    return start_container(engine, spec, deadline, pace)


def _discard(engine: Engine, containers: list[Container]) -> None:
    for container in containers:
        container.stream.close()
        with contextlib.suppress(SandboxUnavailable):
            engine.remove(container.id)


def start_container(engine: Engine, spec: ContainerSpec, deadline: float, pace: Pace | None = None) -> Container:
    """Start one container and wait for its first frame, until `deadline` (monotonic). Raises SandboxUnavailable."""
    spec = replace(spec, share=pace.share if pace is not None else 0)
    identity = engine.create(spec)
    stream: ContainerStream | None = None
    try:
        sock, owner = engine.attach(identity)
        hostile = spec.role != "grader"
        most = spec.limits.response_kb * 1024 + MIB if hostile else _GRADER_FRAME_BYTES
        stream = ContainerStream(sock, owner, most_frame_bytes=most, hostile=hostile)
        engine.start(identity)
        if pace is not None:
            pace.begun(identity, spec.share)

        def ask() -> None:
            engine.state(identity)

        return Container(identity, stream, _ready(stream, spec.role, deadline, ask).fields)
    except BaseException:
        if stream is not None:
            stream.close()
        with contextlib.suppress(SandboxUnavailable):
            engine.remove(identity)
        raise


def _ready(stream: ContainerStream, role: str, deadline: float, ask: Callable[[], None]) -> Frame:
    """Wait for a container's first frame. `ask` raises when the engine does not answer, which ends a wait in vain."""
    with selectors.DefaultSelector() as selector, faults(f"waiting for the {role} container"):
        selector.register(stream, selectors.EVENT_READ)
        while (left_s := deadline - time.monotonic()) > 0:
            if not selector.select(min(_SLOW_START_S, left_s)):
                ask()
                continue
            try:
                frames = stream.receive()
            except (StreamClosed, FrameRefused) as error:
                said = stream.stderr.decode("utf-8", "replace").strip()
                raise SandboxUnavailable(
                    f"the {role} container ended before it was ready: {said or error or 'no message'}",
                    hint="the image may not fit this version: run mendbox image build",
                ) from None
            if frames and frames[0].type == "ready":
                return frames[0]
    raise SandboxUnavailable(f"the {role} container was not ready in time")
