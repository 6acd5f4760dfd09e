"""PID 1 of the app container. It never runs the candidate's code; it forks what does, relays, and cleans up.

    host → PID 1    load  {files, entry, seed, limits…} + contents      once
                    op    {id, op, handle, …} + body                    open, instance, request, call, clock,
                                                                        statements, logs, close, abort
    PID 1 → host    ready                                               imports are done
                    loaded {ok, message?, detail?, build_s?} + output   the app was built, or why not
                    answer {id, ok, …} + body                           one for each op

`open` begins a test: a pristine data directory and a fresh fork of the template. `close` ends it: every process that
is neither PID 1 nor the template is killed, and what the app printed goes out as the answer's body. A template that
died is built again. Deadlines are the host's; only the app's start is timed here, so that it can be told from a
container that stopped answering.
"""

from __future__ import annotations

import gc
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from runner.inside import processes
from runner.inside.app_process import AppPaths, AppPlan, template_main
from runner.inside.channel import Channel, ChannelClosed
from runner.inside.clocks import Clocks
from runner.inside.frames import Frame, FrameRefused
from runner.inside.sharing import share_for_good
from runner.inside.statements import StatementLog

WORK = Path("/work")
_PATHS = AppPaths(tree=WORK / "app", harness=WORK / "harness.py", data=WORK / "data")
_PRISTINE = WORK / "pristine"
#: How long a fork may take to say hello before its open is answered with a fault; below the host's own deadline.
_EXIT_PATIENCE_S = 0.05


@dataclass
class _Output:
    """What one process printed, capped; what comes after the cap is read and dropped."""

    fd: int
    most_bytes: int
    kept: bytearray = field(default_factory=bytearray)
    dropped: int = 0

    def read(self) -> bool:
        """Take what is there now; False at the end."""
        while True:
            try:
                data = os.read(self.fd, 65536)
            except BlockingIOError:
                return True
            if not data:
                return False
            room = self.most_bytes - len(self.kept)
            self.kept += data[:room]
            self.dropped += len(data) - min(room, len(data))

    def text(self) -> bytes:
        """What was kept, with a line that says how much was not."""
        if not self.dropped:
            return bytes(self.kept)
        return bytes(self.kept) + f"\n[{self.dropped} more bytes of output were dropped]\n".encode()


@dataclass
class _Process:
    """A fork that serves one test's app, or waits to, seen from PID 1. `opening`: the operation it is to answer."""

    channel: Channel
    output: _Output
    handle: int = -1
    opening: str | None = None
    pid: int | None = None
    pending: set[str] = field(default_factory=set)
    gone: str | None = None


class AppHost:
    """The event loop of PID 1."""

    def __init__(self, host: Channel, clocks: Clocks, log: StatementLog) -> None:
        self._host = host
        self._clocks = clocks
        self._log = log
        self._selector = selectors.DefaultSelector()
        self._plan: AppPlan | None = None
        self._limits: dict[str, Any] = {}
        self._template: tuple[Channel, int, _Output] | None = None
        self._template_deadline: float | None = None
        self._loaded_once = False
        self._oom_kills = processes.oom_kills()
        self._not_started: str | None = None
        self._waiting_opens: list[tuple[str, bool]] = []
        self._processes: dict[int, _Process] = {}
        self._spare: _Process | None = None
        self._clock_changes: list[dict[str, Any]] = []

    def serve(self) -> None:
        """Answer frames until the host goes away."""
        self._host.send(Frame("ready", {"python": sys.version.split()[0]}))
        while True:
            self._watch()
            for key, events in self._selector.select(self._patience()):
                try:
                    key.data(events)
                except ChannelClosed:
                    if key.fd in (self._host.read_fd, self._host.write_fd):
                        return
                    self._lost(key.fd)
                except FrameRefused:
                    self._lost(key.fd)
            self._check_template_deadline()

    # -- what to wait for ------------------------------------------------------------------------------------

    def _watch(self) -> None:
        self._selector.close()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._host.read_fd, selectors.EVENT_READ, self._from_host)
        if self._host.wants_to_write:
            self._selector.register(self._host.write_fd, selectors.EVENT_WRITE, lambda _: self._host.flush())
        if self._template is not None:
            channel, _, output = self._template
            self._selector.register(channel.read_fd, selectors.EVENT_READ, self._from_template)
            if output.fd >= 0:
                self._selector.register(output.fd, selectors.EVENT_READ, lambda _, o=output: self._output(o))
        for process in self._all():
            if process.gone is None:
                mask = selectors.EVENT_READ | (selectors.EVENT_WRITE if process.channel.wants_to_write else 0)
                self._selector.register(
                    process.channel.read_fd, mask, lambda events, p=process: self._from_process(p, events)
                )
            if process.output.fd >= 0:
                self._selector.register(
                    process.output.fd, selectors.EVENT_READ, lambda _, o=process.output: self._output(o)
                )

    def _all(self) -> list[_Process]:
        return [*self._processes.values(), *([self._spare] if self._spare is not None else [])]

    def _patience(self) -> float | None:
        if self._template_deadline is None:
            return None
        return max(0.0, self._template_deadline - time.perf_counter())

    def _output(self, output: _Output) -> None:
        if output.fd >= 0 and not output.read():
            os.close(output.fd)
            output.fd = -1

    # -- the host --------------------------------------------------------------------------------------------

    def _from_host(self, _: int) -> None:
        for frame in self._host.receive():
            if frame.type == "load":
                self._load(frame)
            elif frame.type == "op":
                self._operate(frame)

    def _operate(self, frame: Frame) -> None:
        fields = frame.fields
        identity, operation = fields["id"], fields["op"]
        if operation == "open":
            self._open(identity)
        elif operation == "instance":
            self._waiting_opens.append((identity, False))
            self._start_waiting()
        elif operation == "close":
            self._answer(identity, {"left_over": self._end_test()}, self._all_output())
            self._forget_test()
        elif operation == "logs":
            self._logs(identity, fields["handle"])
        elif operation == "clock":
            self._clock_changes.append(fields)
            self._forward(frame, list(self._processes))
        elif operation == "abort":
            self._abort(fields["handle"])
        else:
            self._forward(frame, [fields["handle"]])

    def _forward(self, frame: Frame, handles: list[int]) -> None:
        """Pass an operation on. Only the first process's answer goes back; the others move along."""
        identity = frame.fields["id"]
        for index, handle in enumerate(handles):
            process = self._processes.get(handle)
            if process is None or process.gone is not None:
                if index == 0:
                    why = process.gone if process is not None and process.gone else "The app is not running"
                    self._fault(identity, "died", why)
                continue
            if index == 0:
                process.pending.add(identity)
            try:
                process.channel.send(frame)
            except ChannelClosed:
                self._ended(process)

    def _answer(self, identity: str, fields: dict[str, Any], body: bytes = b"") -> None:
        self._host.send(Frame("answer", {"id": identity, "ok": True, **fields}, body))

    def _fault(self, identity: str, kind: str, message: str) -> None:
        oom = processes.oom_kills()
        self._host.send(
            Frame("answer", {"id": identity, "ok": False, "fault": kind, "message": message, "oom_kills": oom})
        )

    # -- loading and the template ----------------------------------------------------------------------------

    def _load(self, frame: Frame) -> None:
        fields = frame.fields
        self._limits = fields["limits"]
        offset = 0
        for path, size in fields["files"]:
            target = WORK / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(frame.body[offset : offset + size])
            offset += size
        _PATHS.data.mkdir()
        self._plan = AppPlan(
            _PATHS,
            fields["entry"],
            fields["seed"],
            self._limits["response_kb"] * 1024,
            self._clocks,
            self._log,
        )
        self._start_template()

    def _start_template(self) -> None:
        assert self._plan is not None
        ours, theirs = socket.socketpair()
        read_fd, write_fd = os.pipe()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            self._leave_to_template(ours, read_fd)
            template_main(theirs, write_fd, self._plan)
        theirs.close()
        os.close(write_fd)
        os.set_blocking(read_fd, False)
        fd = ours.detach()
        output = _Output(read_fd, self._limits["output_kb"] * 1024)
        self._template = (Channel(fd, fd, most_bytes=256 * 1024), pid, output)
        self._template_deadline = time.perf_counter() + self._limits["app_start_s"]

    def _leave_to_template(self, ours: socket.socket, read_fd: int) -> None:
        """In the fork: let go of everything that speaks to the host."""
        ours.close()
        os.close(read_fd)
        self._selector.close()
        self._host.close()
        for process in self._all():
            if process.gone is None:
                process.channel.close()
            if process.output.fd >= 0:
                os.close(process.output.fd)

    def _from_template(self, _: int) -> None:
        if self._template is None:
            return
        channel, _pid, output = self._template
        for frame in channel.receive():
            if frame.type != "loaded" or self._template_deadline is None:
                continue
            self._template_deadline = None
            self._output(output)
            if frame.fields.get("ok") is True:
                self._keep_pristine()
                self._loaded(None, {"build_s": frame.fields.get("build_s", 0.0)}, output)
                self._start_waiting()
            else:
                message = str(frame.fields.get("message"))[:1000]
                self._stop_template()
                self._loaded(message, {"detail": str(frame.fields.get("detail"))[:10_000]}, output)

    def _loaded(self, failure: str | None, fields: dict[str, Any], output: _Output, kind: str = "raised") -> None:
        self._not_started = failure
        if not self._loaded_once:
            told = {"ok": failure is None, "message": failure, "kind": kind, **fields}
            told["oom_kills"] = processes.oom_kills()
            self._host.send(Frame("loaded", told, output.text()))
            self._loaded_once = True
        if failure is not None:
            for identity, _ in self._waiting_opens:
                self._fault(identity, "not_started", failure)
            self._waiting_opens.clear()

    def _template_failed(self, message: str, kind: str) -> None:
        assert self._template is not None
        output = self._template[2]
        was_loading = self._template_deadline is not None
        self._stop_template()
        if was_loading:
            self._loaded(message, {}, output, kind)

    def _check_template_deadline(self) -> None:
        if self._template_deadline is not None and time.perf_counter() >= self._template_deadline:
            self._template_failed(f"The app did not start within {self._limits['app_start_s']:g} s", "timed_out")

    def _stop_template(self) -> None:
        assert self._template is not None
        channel, pid, output = self._template
        self._template, self._template_deadline = None, None
        self._drop_spare()
        channel.close()
        if output.fd >= 0:
            output.read()
            os.close(output.fd)
            output.fd = -1
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        processes.sweep(keep=set())

    # -- one test's app --------------------------------------------------------------------------------------

    def _open(self, identity: str) -> None:
        self._end_test()
        self._forget_test()
        if self._not_started is not None:
            self._fault(identity, "not_started", self._not_started)
            return
        self._waiting_opens.append((identity, True))
        if self._template is None:
            self._restore_data()
            self._start_template()
        else:
            self._start_waiting()

    def _start_waiting(self) -> None:
        """Give the opens that wait a process each, when there is a template that has loaded."""
        if self._template is None or self._template_deadline is not None:
            return
        while self._waiting_opens:
            identity, fresh = self._waiting_opens.pop(0)
            if fresh:
                self._restore_data()
            process, self._spare = self._spare or self._fork(), None
            process.handle = len(self._processes)
            process.opening = identity
            self._processes[process.handle] = process
            if process.gone is not None:
                self._fault(identity, "died", process.gone)
            elif process.pid is not None:
                self._opened(process)
        # The next test's process is forked while this one's serves: it finds its app waiting.
        if self._spare is None:
            self._spare = self._fork()

    def _fork(self) -> _Process:
        """Ask the template for a fork; it says hello when it is there."""
        assert self._template is not None
        ours, theirs = socket.socketpair()
        read_fd, write_fd = os.pipe()
        os.set_blocking(read_fd, False)
        fd = ours.detach()
        most_bytes = self._limits["response_kb"] * 1024 + 1024 * 1024
        output = _Output(read_fd, self._limits["output_kb"] * 1024)
        process = _Process(Channel(fd, fd, most_bytes=most_bytes), output)
        template = socket.socket(fileno=os.dup(self._template[0].write_fd))
        try:
            socket.send_fds(template, [b"f"], [theirs.fileno(), write_fd])
        except OSError:
            self._ended(process)
        finally:
            template.close()
            theirs.close()
            os.close(write_fd)
        return process

    def _opened(self, process: _Process) -> None:
        identity, process.opening = process.opening, None
        assert identity is not None
        for change in self._clock_changes:
            process.channel.send(Frame("op", {**change, "id": ""}))
        self._answer(identity, {"handle": process.handle})

    def _from_process(self, process: _Process, events: int) -> None:
        if process.gone is not None:
            return  # it ended while another event of the same round was handled
        if events & selectors.EVENT_WRITE:
            process.channel.flush()
        if not events & selectors.EVENT_READ:
            return
        for frame in process.channel.receive():
            pid = frame.fields.get("pid")
            if frame.type == "hello" and process.pid is None and isinstance(pid, int):
                process.pid = pid
                if process.opening is not None:
                    self._opened(process)
            elif frame.type == "answer" and frame.fields.get("id") in process.pending:
                process.pending.discard(frame.fields["id"])
                self._output(process.output)
                self._host.send(frame)

    def _lost(self, fd: int) -> None:
        if self._template is not None and fd == self._template[0].read_fd:
            pid = self._template[1]
            status = processes.exit_status(pid, _EXIT_PATIENCE_S)
            how = processes.describe_status(status)
            self._template_failed(f"The app did not start: its process {how}", "died")
            return
        for process in self._all():
            if process.gone is None and fd == process.channel.read_fd:
                self._ended(process)
                if process is self._spare:
                    self._drop_spare()
                return

    def _ended(self, process: _Process) -> None:
        """A process closed its channel, sent rubbish, or does not read: it is over."""
        status = processes.exit_status(process.pid, _EXIT_PATIENCE_S) if process.pid else None
        kills = processes.oom_kills()
        if kills > self._oom_kills:
            self._oom_kills = kills
            process.gone = "The app's process was ended since it used more memory than it may"
        else:
            process.gone = f"The app's process {processes.describe_status(status)} while it was in use"
        process.channel.close()
        if status is None and process.pid:
            self._kill(process.pid)
        if process.opening is not None:
            self._fault(process.opening, "died", process.gone)
        for identity in process.pending:
            self._fault(identity, "died", process.gone)
        process.pending.clear()

    def _kill(self, pid: int) -> None:
        try:
            os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass

    def _abort(self, handle: int) -> None:
        """The host gave up on an operation and told the grader: end the process, answer nothing more for it."""
        process = self._processes.get(handle)
        if process is not None and process.gone is None:
            process.pending.clear()
            process.opening = None
            process.gone = "The app's process was ended since it did not answer in time"
            process.channel.close()
            if process.pid is not None:
                self._kill(process.pid)

    def _logs(self, identity: str, handle: int) -> None:
        process = self._processes.get(handle)
        if process is None:
            self._fault(identity, "died", "The app is not running")
            return
        self._output(process.output)
        self._answer(identity, {}, process.output.text())

    def _end_test(self) -> int:
        """Kill all that the test's app left; gives how many processes beyond its own there were."""
        if not self._processes:
            return 0
        for process in self._processes.values():
            if process.gone is None:
                process.gone = "The test is over"
                process.channel.close()
        keep = {self._template[1]} if self._template is not None else set()
        if self._spare is not None and self._spare.pid is not None:
            keep.add(self._spare.pid)
        elif self._spare is not None:
            self._drop_spare()  # its id is not known yet, so it can't be told from what a test left
        found, template_lives = processes.sweep(keep)
        if not template_lives and self._template is not None:
            self._stop_template()
        for process in self._processes.values():
            self._close_output(process)
        return len(found - {process.pid for process in self._processes.values()})

    def _drop_spare(self) -> None:
        process, self._spare = self._spare, None
        if process is not None:
            if process.gone is None:
                process.gone = "It is not needed"
                process.channel.close()
            self._close_output(process)

    def _close_output(self, process: _Process) -> None:
        if process.output.fd >= 0:
            process.output.read()
            os.close(process.output.fd)
            process.output.fd = -1

    def _all_output(self) -> bytes:
        return b"".join(process.output.text() for process in self._processes.values())

    def _forget_test(self) -> None:
        self._processes.clear()
        self._clock_changes.clear()

    # -- the data directory ----------------------------------------------------------------------------------

    def _keep_pristine(self) -> None:
        if not _PRISTINE.exists() and any(_PATHS.data.iterdir()):
            shutil.copytree(_PATHS.data, _PRISTINE, symlinks=True)

    def _restore_data(self) -> None:
        """Empty the data directory and put the pristine state back. Nothing follows a link."""
        for entry in os.scandir(_PATHS.data):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                os.unlink(entry.path)
        if _PRISTINE.exists():
            shutil.copytree(_PRISTINE, _PATHS.data, symlinks=True, dirs_exist_ok=True)


def run() -> NoReturn:
    """Import what candidates' apps import, say ready, serve."""
    import encodings.idna  # noqa: F401  werkzeug's routing asks for it at the first request

    from runner.inside.warmup import warm_up

    warm_up()
    gc.collect()
    share_for_good()
    processes.hide_from_siblings()
    clocks, log = Clocks(), StatementLog()
    clocks.install()
    log.install()
    read_fd, write_fd = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    host = Channel(read_fd, write_fd, most_bytes=64 * 1024 * 1024)
    gc.collect()
    gc.freeze()
    try:
        AppHost(host, clocks, log).serve()
    except ChannelClosed:
        pass
    os._exit(0)
