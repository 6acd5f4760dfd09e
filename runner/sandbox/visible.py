"""Runs a candidate's visible tests in one throwaway container with every wall of the app's, and tells what they print.

The container is given the starter with the candidate's changes, and nothing else: see `runner.inside.visible_host`.
It yields to gradings where there is not enough CPU time for all.
"""

from __future__ import annotations

import contextlib
import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass

from runner.errors import SandboxUnavailable
from runner.inside.frames import Frame, FrameRefused
from runner.limits import SLACK_S
from runner.sandbox.confinement import ContainerSpec
from runner.sandbox.engine import Engine, owner_labels
from runner.sandbox.pair import Container
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.starting import Pace, start_container
from runner.sandbox.stream import StreamClosed
from runner.visible_run import Told, VisibleEnd, VisibleReport, VisibleWork, report_of

#: How soon it is noticed that somebody has stopped it.
_LOOK_S = 0.2
#: After so long without a byte the engine is asked whether it is there.
_QUIET_S = 5.0
_END_S = 3
#: How long the engine may take to note that a container has ended after its streams have.
_NOTED_S = 2.0


def run_visible(
    engine: Engine, settings: SandboxSettings, work: VisibleWork, told: Told, stopped: Callable[[], bool]
) -> VisibleReport:
    """Run the tests once. `told` is called with each piece of output and how many bytes were left out before it.

    Ends early where `stopped` says so, which is asked all the while. Raises SandboxUnavailable, and what `told` or
    `stopped` raise; the container is removed in any case.
    """
    now = time.time()
    labels = owner_labels(now + settings.pair_ready_s + work.wall_s + 60)
    spec = ContainerSpec("app", settings.image, settings.runtime, work.limits, labels, program="visible")
    deadline = time.monotonic() + settings.pair_ready_s
    container = start_container(engine, spec, deadline, Pace(engine, hurried=False))
    try:
        return _Run(engine, settings.runtime, container, work, told).relay(stopped)
    finally:
        container.stream.close()
        with contextlib.suppress(SandboxUnavailable):
            engine.wait_ended(container.id, _END_S)
        # What can't be removed now is the reaper's.
        with contextlib.suppress(SandboxUnavailable):
            engine.remove(container.id)


@dataclass(slots=True)
class _Run:
    """One run in one container."""

    engine: Engine
    runtime: str
    container: Container
    work: VisibleWork
    told: Told
    received: int = 0

    def relay(self, stopped: Callable[[], bool]) -> VisibleReport:
        """Move frames until the end. Raises SandboxUnavailable."""
        stream, work = self.container.stream, self.work
        # The container ends pytest itself, in time; this is for one that does not.
        deadline = time.monotonic() + work.wall_s + SLACK_S
        heard_at = time.monotonic()
        try:
            stream.send(_tests_frame(work))
            with selectors.DefaultSelector() as selector:
                selector.register(stream, selectors.EVENT_READ | selectors.EVENT_WRITE)
                while time.monotonic() < deadline:
                    if stopped():
                        return VisibleReport(VisibleEnd.STOPPED)
                    writing = selectors.EVENT_WRITE if stream.wants_to_write else 0
                    selector.modify(stream, selectors.EVENT_READ | writing)
                    if not selector.select(_LOOK_S):
                        if time.monotonic() - heard_at > _QUIET_S:
                            self.engine.state(self.container.id)
                            heard_at = time.monotonic()
                        continue
                    heard_at = time.monotonic()
                    stream.flush()
                    for frame in stream.receive():
                        report = self._take(frame)
                        if report is not None:
                            return report
        except StreamClosed:
            return self._closed()
        except (FrameRefused, ValueError):
            return VisibleReport(VisibleEnd.CRASHED, "The container sent what no test prints.")
        return VisibleReport(VisibleEnd.TIMED_OUT, f"They did not end within {work.wall_s:g} s.")

    def _take(self, frame: Frame) -> VisibleReport | None:
        """Raises ValueError for what no honest container sends."""
        if frame.type == "ended":
            return report_of(frame.fields, self.work)
        left_out = frame.fields.get("left_out", 0)
        if frame.type != "output" or not isinstance(left_out, int) or left_out < 0 or not frame.body:
            raise ValueError("an unknown frame")
        self.received += len(frame.body)
        if self.received > self.work.most_output_bytes:
            raise ValueError("more output than was asked for")
        self.told(frame.body, left_out)
        return None

    def _closed(self) -> VisibleReport:
        """The container ended by itself: for want of memory, or it was ended from outside."""
        noted = time.monotonic() + _NOTED_S
        state = self.engine.state(self.container.id)
        while state.get("Running") and time.monotonic() < noted:
            time.sleep(0.02)
            state = self.engine.state(self.container.id)
        if state.get("OOMKilled"):
            return VisibleReport(
                VisibleEnd.OUT_OF_MEMORY, f"More than {self.work.limits.memory_mb} MB of memory were needed."
            )
        if self.engine.is_gvisor(self.runtime) or (
            state and not state.get("Error") and state.get("ExitCode") not in (0, 137)
        ):
            return VisibleReport(VisibleEnd.CRASHED, "The container that they ran in ended.")
        raise SandboxUnavailable("the container of the visible tests was ended from outside")


def _tests_frame(work: VisibleWork) -> Frame:
    files = dict(sorted(work.tree.items()))
    return Frame(
        "tests",
        {
            "files": [[path, len(data)] for path, data in files.items()],
            "wall_s": work.wall_s,
            "most_bytes": work.most_output_bytes,
        },
        b"".join(files.values()),
    )
