"""A pair of throwaway containers: started together, used once, destroyed."""

from __future__ import annotations

import contextlib
import selectors
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runner.errors import AppContainerEnded, GraderFault, PackageInvalid, PlatformFault, Problem, SandboxUnavailable
from runner.grading.report import Observer, Outcome, RunReport, Work
from runner.inside.frames import FrameRefused
from runner.limits import MIB, Limits
from runner.sandbox.engine import YIELDING_SHARE, Engine
from runner.sandbox.relay import GraderBroke, Relay
from runner.sandbox.stream import ContainerStream, StreamClosed
from runner.services import SERVICES

#: What all frames of one app may add up to; an honest suite moves a thousandth of it.
MOST_APP_BYTES = 512 * MIB
#: What may wait for an app's container that does not read; more than all requests in flight at once.
_MOST_WAITING_BYTES = 64 * MIB
#: How long a container may take to end once its input is closed.
_END_S = 3
#: After so long without a byte from either side the engine is asked whether it is there: what it holds back must not
#: pass for an app that hangs. So no deadline of a second or more is missed because the engine stood still.
_QUIET_S = 1.0
#: An answer takes some milliseconds, and tenths of a second on a machine under load.
_STOOD_STILL_S = 1.0
#: How long the engine may take to note that a container has ended after its streams have.
_NOTED_S = 2.0


@dataclass(slots=True)
class Container:
    """One started container and its streams."""

    id: str
    stream: ContainerStream
    hello: Mapping[str, Any]


class Pair:
    """An app container and a grader container that have imported what they need and wait.

    With them, where the challenge asks for it, the containers of its own servers, by their services' names.
    """

    def __init__(
        self,
        engine: Engine,
        app: Container,
        grader: Container,
        limits: Limits,
        servers: Mapping[str, Container] | None = None,
    ) -> None:
        self._engine = engine
        self._app = app
        self._grader = grader
        self._servers = dict(servers or {})
        self.limits = limits
        self.ready_at = time.monotonic()
        self.started_in_s = 0.0
        self._blame_app = False
        self._yields = False

    @property
    def python(self) -> str:
        """The version of the interpreter inside."""
        return str(self._grader.hello.get("python"))

    @property
    def container_ids(self) -> tuple[str, ...]:
        """Ids of the app's and the grader's container, and of the servers' where there are any."""
        return tuple(container.id for container in self._containers())

    def _containers(self) -> list[Container]:
        return [self._app, self._grader, *self._servers.values()]

    def alive(self) -> bool:
        """Whether all still wait: a container that ended, or said anything unasked, is of no use."""
        for container in self._containers():
            try:
                if container.stream.receive():
                    return False
            except (StreamClosed, FrameRefused):
                return False
        return True

    def run(self, work: Work, observe: Observer, *, warm: bool, blame_app: bool = False) -> RunReport:
        """Grade. With `blame_app`, an end of the app's container that nothing else explains is the app's own doing.

        Raises GraderFault, AppContainerEnded, SandboxUnavailable, or PackageInvalid when the suite itself can't run.
        """
        self._blame_app = blame_app
        relay = Relay(work, observe, time.monotonic)
        try:
            self._relay(relay)
        except GraderBroke as error:
            if error.suite:
                raise PackageInvalid("of this grading", [Problem("hidden/", "", str(error))]) from error
            raise GraderFault(str(error)) from error
        return relay.report(warm=warm, warm_up_s=0.0 if warm else self.started_in_s)

    def _relay(self, relay: Relay) -> None:
        """Move frames until the relay is finished. Each side is watched for writing only while bytes wait."""
        app, grader = self._app.stream, self._grader.stream
        serving: dict[Any, str] = {container.stream: name for name, container in self._servers.items()}
        with selectors.DefaultSelector() as selector:
            masks: dict[ContainerStream, int] = {}
            while True:
                try:
                    self._flush(relay)
                except FrameRefused as error:
                    raise GraderFault(f"the package does not fit into a frame: {error}") from error
                if relay.finished:
                    return
                for stream in (container.stream for container in self._containers()):
                    wanted = 0 if stream is not grader and relay.give_up_app else selectors.EVENT_READ
                    if stream.wants_to_write and wanted:
                        wanted |= selectors.EVENT_WRITE
                    _watch(selector, stream, masks, wanted)
                wait_s = min(_QUIET_S, max(0.0, relay.next_deadline() - time.monotonic()))
                ready = selector.select(wait_s)
                if not ready:
                    self._require_engine()
                for key, events in ready:
                    if key.fileobj is app:
                        self._serve_app(relay, events)
                    elif key.fileobj is grader:
                        self._serve_grader(relay, events)
                    else:
                        self._serve_server(relay, serving[key.fileobj], events)
                relay.tick()
                if relay.app_was_late and not self._yields:
                    self._yield()

    def _yield(self) -> None:
        """Give the app's container a smaller share of the CPU from now on, where the runtime can.

        Not waited for: while the engine takes its time, the tests' deadlines go on.
        """
        self._yields = True
        threading.Thread(target=self._lower_share, name="share", daemon=True).start()

    def _lower_share(self) -> None:
        with contextlib.suppress(SandboxUnavailable):
            self._engine.set_share(self._app.id, YIELDING_SHARE)

    def _require_engine(self) -> None:
        """Raises SandboxUnavailable unless the engine answers at once.

        It is asked for the grader's container: the app's is locked while the engine puts its end in order, which takes
        a second and more where gVisor's sandbox ran out of memory.
        """
        asked_at = time.monotonic()
        self._engine.state(self._grader.id)
        took_s = time.monotonic() - asked_at
        if took_s > _STOOD_STILL_S:
            raise SandboxUnavailable(f"the container engine stood still in mid-grading, for {took_s:.1f} s or more")

    def _flush(self, relay: Relay) -> None:
        while relay.to_app:
            frame = relay.to_app.pop(0)
            if not relay.give_up_app:
                try:
                    self._app.stream.send(frame)
                except StreamClosed:
                    self._app_closed(relay)
                if self._app.stream.waiting_bytes > _MOST_WAITING_BYTES:
                    relay.app_ended("The app's container does not read what it is sent", Outcome.CRASHED)
        for name, desk in relay.servers.items():
            while desk.to_send:
                try:
                    self._servers[name].stream.send(desk.to_send.pop(0))
                except StreamClosed:
                    self._server_closed(relay, name)
        while relay.to_grader:
            try:
                self._grader.stream.send(relay.to_grader.pop(0))
            except StreamClosed:
                raise self._grader_ended() from None

    def _serve_app(self, relay: Relay, events: int) -> None:
        stream = self._app.stream
        try:
            if events & selectors.EVENT_WRITE:
                stream.flush()
            if events & selectors.EVENT_READ:
                for frame in stream.receive():
                    relay.from_app(frame)
                if stream.received_bytes > MOST_APP_BYTES:
                    relay.app_ended("The app sent more than any test asks for", Outcome.CRASHED)
        except StreamClosed:
            self._app_closed(relay)
        except FrameRefused:
            relay.app_ended("The app's container sent rubbish", Outcome.CRASHED)

    def _serve_grader(self, relay: Relay, events: int) -> None:
        stream = self._grader.stream
        try:
            if events & selectors.EVENT_WRITE:
                stream.flush()
            if events & selectors.EVENT_READ:
                for frame in stream.receive():
                    relay.from_grader(frame)
        except StreamClosed:
            if not relay.finished:
                raise self._grader_ended() from None
        except FrameRefused as error:
            raise GraderFault(f"the grader broke the protocol: {error}") from error

    def _serve_server(self, relay: Relay, name: str, events: int) -> None:
        stream = self._servers[name].stream
        try:
            if events & selectors.EVENT_WRITE:
                stream.flush()
            if events & selectors.EVENT_READ:
                for frame in stream.receive():
                    relay.from_server(name, frame)
        except StreamClosed:
            self._server_closed(relay, name)
        except FrameRefused:
            relay.app_ended(f"The app's {SERVICES[name].noun} sent rubbish", Outcome.CRASHED)

    def _server_closed(self, relay: Relay, name: str) -> None:
        """A server's container ended: what the app asked of it was too much, unless the engine took it away."""
        noun = SERVICES[name].noun
        state = self._end_of(self._servers[name].id)
        if not state or not self._engine.state(self._grader.id).get("Running"):
            raise SandboxUnavailable(f"the container of the app's {noun} was ended from outside in mid-grading")
        if state.get("OOMKilled"):
            relay.app_ended(f"The app's {noun} used more memory than it may", Outcome.OUT_OF_MEMORY)
        elif state.get("ExitCode") == 137 or state.get("Error"):
            # Its PID 1 is ours, and nothing inside can kill it.
            why = state.get("Error") or f"exit {state.get('ExitCode')}"
            raise SandboxUnavailable(f"the container of the app's {noun} was ended from outside in mid-grading ({why})")
        else:
            relay.app_ended(f"The app's {noun} died", Outcome.CRASHED)

    def _app_closed(self, relay: Relay) -> None:
        """The app's container ended: for want of memory, with the engine, or by a signal to its PID 1."""
        state = self._end_of(self._app.id)
        if not state:
            raise SandboxUnavailable("the app's container was removed in mid-grading; the engine may have restarted")
        if state.get("OOMKilled"):
            memory = f"The app used more than {self.limits.memory_mb} MB of memory"
            relay.app_ended(memory, Outcome.OUT_OF_MEMORY)
        elif not self._engine.state(self._grader.id).get("Running"):
            raise SandboxUnavailable("both containers ended in mid-grading; the engine may have restarted")
        elif not self._blame_app and (state.get("ExitCode") in (0, 137) or state.get("Error")):
            # Linux lets nothing inside end PID 1 with a signal, and it ends by itself only when its input closes.
            why = state.get("Error") or f"exit {state.get('ExitCode')}"
            raise AppContainerEnded(f"the app's container was ended from outside in mid-grading ({why})")
        else:
            relay.app_ended("The app's container died", Outcome.CRASHED)

    def _grader_ended(self) -> PlatformFault:
        """What it means that the grader's streams ended. Raises SandboxUnavailable when the engine can't say."""
        said = self._grader.stream.stderr.decode("utf-8", "replace")
        state = self._end_of(self._grader.id)
        if state.get("OOMKilled"):
            return GraderFault(f"the grader's container ended early (out of memory) {said}".rstrip())
        if not state or state.get("Running") or state.get("ExitCode") == 137 or state.get("Error"):
            return SandboxUnavailable("the grader's container was ended from outside in mid-grading")
        return GraderFault(f"the grader's container ended early (exit {state.get('ExitCode')}) {said}".rstrip())

    def _end_of(self, identity: str) -> Mapping[str, Any]:
        """The state of a container whose streams ended, once the engine has noted its end; empty when it is gone."""
        deadline = time.monotonic() + _NOTED_S
        state = self._engine.state(identity)
        while state.get("Running") and time.monotonic() < deadline:
            time.sleep(0.02)
            state = self._engine.state(identity)
        return state

    def destroy(self) -> None:
        """End and remove the containers. Raises SandboxUnavailable; call it again then, or leave them to the reaper.

        With their input closed they end by themselves, which costs the engine less than to kill them; one that does
        not is killed.
        """
        for container in self._containers():
            container.stream.close()
        for identity in self.container_ids:
            with contextlib.suppress(SandboxUnavailable):
                self._engine.wait_ended(identity, _END_S)
            self._engine.remove(identity)


def _watch(
    selector: selectors.BaseSelector, stream: ContainerStream, masks: dict[ContainerStream, int], wanted: int
) -> None:
    have = masks.get(stream, 0)
    if have == wanted:
        return
    if not have:
        selector.register(stream, wanted)
    elif not wanted:
        selector.unregister(stream)
    else:
        selector.modify(stream, wanted)
    masks[stream] = wanted
