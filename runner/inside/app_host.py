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

import selectors
import sys
import time
from pathlib import Path
from typing import Any

from runner.inside import data_dir, processes
from runner.inside.app_process import AppPaths, AppPlan
from runner.inside.channel import Channel, ChannelClosed
from runner.inside.clocks import Clocks
from runner.inside.files import write_files
from runner.inside.forks import Fork, Output, Template
from runner.inside.frames import Frame, FrameRefused
from runner.inside.services import URLS
from runner.inside.statements import StatementLog
from runner.inside.surroundings import take_up
from runner.inside.tally import Tally

WORK = Path("/work")
_PATHS = AppPaths(tree=WORK / "app", harness=WORK / "harness.py", data=WORK / "data")
_PRISTINE = WORK / "pristine"
#: How long an ended process may take to show how it ended.
_EXIT_PATIENCE_S = 0.05
#: How long the next test's process may take to give its id, once this test is over.
_HELLO_PATIENCE_S = 0.5


class AppHost:
    """The event loop of PID 1."""

    def __init__(self, host: Channel, clocks: Clocks, log: StatementLog) -> None:
        self._host = host
        self._clocks = clocks
        self._log = log
        self._selector = selectors.PollSelector()
        self._plan: AppPlan | None = None
        self._limits: dict[str, Any] = {}
        self._template: Template | None = None
        self._template_deadline: float | None = None
        self._loaded_once = False
        self._oom_watch = processes.OomWatch()
        self._tally = Tally()
        self._not_started: str | None = None
        self._waiting_opens: list[tuple[str, bool]] = []
        self._forks: dict[int, Fork] = {}
        self._spare: Fork | None = None
        self._clock_changes: list[dict[str, Any]] = []
        self._killed: set[int | None] = set()

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
        self._selector = selectors.PollSelector()
        self._selector.register(self._host.read_fd, selectors.EVENT_READ, self._from_host)
        if self._host.wants_to_write:
            self._selector.register(self._host.write_fd, selectors.EVENT_WRITE, lambda _: self._host.flush())
        self._selector.register(self._tally.read_fd, selectors.EVENT_READ, lambda _: self._tally.read())
        if self._template is not None:
            self._selector.register(self._template.channel.read_fd, selectors.EVENT_READ, self._from_template)
            self._watch_output(self._template.output)
        for process in self._all():
            if process.gone is None:
                mask = selectors.EVENT_READ | (selectors.EVENT_WRITE if process.channel.wants_to_write else 0)
                self._selector.register(
                    process.channel.read_fd, mask, lambda events, p=process: self._from_process(p, events)
                )
            self._watch_output(process.output)

    def _watch_output(self, output: Output) -> None:
        if output.fd >= 0:
            self._selector.register(output.fd, selectors.EVENT_READ, lambda _: output.read())

    def _all(self) -> list[Fork]:
        return [*self._forks.values(), *([self._spare] if self._spare is not None else [])]

    def _patience(self) -> float | None:
        if self._template_deadline is None:
            return None
        return max(0.0, self._template_deadline - time.perf_counter())

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
            left_over, output = self._end_test(), self._all_output()
            self._answer(identity, {"left_over": left_over, "counts": self._tally.counts()}, output)
            self._forget_test()
        elif operation == "logs":
            self._logs(identity, fields["handle"])
        elif operation == "clock":
            self._clock_changes.append(fields)
            self._forward(frame, list(self._forks))
        elif operation == "abort":
            self._abort(fields["handle"])
        else:
            self._forward(frame, [fields["handle"]])

    def _forward(self, frame: Frame, handles: list[int]) -> None:
        """Pass an operation on. Only the first process's answer goes back; the others move along."""
        identity = frame.fields["id"]
        for index, handle in enumerate(handles):
            process = self._forks.get(handle)
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
        told = {"fault": kind, "message": message, "oom_kills": processes.oom_kills()}
        self._host.send(Frame("answer", {"id": identity, "ok": False, **told}))

    # -- loading and the template ----------------------------------------------------------------------------

    def _load(self, frame: Frame) -> None:
        fields = frame.fields
        self._limits = fields["limits"]
        take_up(fields["surroundings"], self._clocks)
        write_files(WORK, fields["files"], frame.body)
        _PATHS.data.mkdir()
        response_bytes = self._limits["response_kb"] * 1024
        told_fd = self._tally.told_fd
        urls = {service: URLS[service] for service in fields["services"]}
        entry, seed = fields["entry"], fields["seed"]
        self._plan = AppPlan(_PATHS, entry, seed, response_bytes, self._clocks, self._log, told_fd, urls)
        self._start_template()

    def _start_template(self) -> None:
        assert self._plan is not None
        self._template = Template.start(self._plan, self._limits["output_kb"] * 1024, self._leave_to_template)
        self._template_deadline = time.perf_counter() + self._limits["app_start_s"]

    def _leave_to_template(self) -> None:
        """In the fork: let go of everything that speaks to the host."""
        self._selector.close()
        self._host.close()
        self._tally.leave()
        for fork in self._all():
            fork.close_inherited()

    def _from_template(self, _: int) -> None:
        if self._template is None:
            return
        output = self._template.output
        for frame in self._template.channel.receive():
            if frame.type != "loaded" or self._template_deadline is None:
                continue
            self._template_deadline = None
            output.read()
            if frame.fields.get("ok") is True:
                data_dir.keep_pristine(_PATHS.data, _PRISTINE)
                self._loaded(None, {"build_s": frame.fields.get("build_s", 0.0)}, output)
                self._start_waiting()
            else:
                message = str(frame.fields.get("message"))[:1000]
                self._stop_template()
                self._loaded(message, {"detail": str(frame.fields.get("detail"))[:10_000]}, output)

    def _loaded(self, failure: str | None, fields: dict[str, Any], output: Output, kind: str = "raised") -> None:
        self._not_started = failure
        if not self._loaded_once:
            told = {"ok": failure is None, "message": failure, "kind": kind, **fields}
            self._tally.dropped(output.dropped)
            told |= {"oom_kills": processes.oom_kills(), "counts": self._tally.counts()}
            self._host.send(Frame("loaded", told, output.text()))
            self._loaded_once = True
        while failure is not None and self._waiting_opens:
            self._fault(self._waiting_opens.pop(0)[0], "not_started", failure)

    def _template_failed(self, message: str, kind: str) -> None:
        assert self._template is not None
        output = self._template.output
        was_loading = self._template_deadline is not None
        self._stop_template()
        if was_loading:
            self._loaded(message, {}, output, kind)

    def _check_template_deadline(self) -> None:
        if self._template_deadline is not None and time.perf_counter() >= self._template_deadline:
            self._template_failed(f"The app did not start within {self._limits['app_start_s']:g} s", "timed_out")

    def _stop_template(self) -> None:
        assert self._template is not None
        template, self._template, self._template_deadline = self._template, None, None
        self._drop_spare()
        template.stop()
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
            data_dir.restore(_PATHS.data, _PRISTINE)
            self._start_template()
        else:
            self._start_waiting()

    def _start_waiting(self) -> None:
        """Give the opens that wait a process each, when there is a template that has loaded."""
        if self._template is None or self._template_deadline is not None:
            return
        response_bytes = self._limits["response_kb"] * 1024
        while self._waiting_opens:
            identity, fresh = self._waiting_opens.pop(0)
            if fresh:
                data_dir.restore(_PATHS.data, _PRISTINE)
            process, self._spare = self._spare or self._template.fork(response_bytes), None
            process.handle = len(self._forks)
            process.opening = identity
            self._forks[process.handle] = process
            if process.gone is not None:
                self._fault(identity, "died", process.gone)
            elif process.pid is not None:
                self._opened(process)
        # The next test's process is forked while this one's serves: it finds its app waiting.
        if self._spare is None:
            self._spare = self._template.fork(response_bytes)

    def _opened(self, process: Fork) -> None:
        identity, process.opening = process.opening, None
        assert identity is not None
        for change in self._clock_changes:
            process.channel.send(Frame("op", {**change, "id": ""}))
        self._answer(identity, {"handle": process.handle})

    def _from_process(self, process: Fork, events: int) -> None:
        if process.gone is not None:
            return  # it ended while another event of the same round was handled
        if events & selectors.EVENT_WRITE:
            process.channel.flush()
        if not events & selectors.EVENT_READ:
            return
        for frame in process.channel.receive():
            if process.hello(frame) and process.opening is not None:
                self._opened(process)
            elif frame.type == "answer" and frame.fields.get("id") in process.pending:
                process.pending.discard(frame.fields["id"])
                process.output.read()
                self._host.send(frame)

    def _lost(self, fd: int) -> None:
        if self._template is not None and fd == self._template.channel.read_fd:
            status = processes.exit_status(self._template.pid, _EXIT_PATIENCE_S)
            self._tally.ended(self._template.pid, status)
            how = processes.describe_status(status, no_memory=self._oom_watch.rose())
            self._template_failed(f"The app did not start: its process {how}", "died")
            return
        for process in self._all():
            if process.gone is None and fd == process.channel.read_fd:
                self._ended(process)
                if process is self._spare:
                    self._drop_spare()
                return

    def _ended(self, process: Fork) -> None:
        """A process closed its channel, sent rubbish, or does not read: it is over."""
        status = processes.exit_status(process.pid, _EXIT_PATIENCE_S) if process.pid else None
        self._tally.ended(process.pid or 0, status)
        no_memory = self._oom_watch.rose()
        how = processes.describe_status(status, no_memory=no_memory)
        process.end(f"The app's process {how}" + ("" if no_memory else " while it was in use"))
        if status is None:
            process.kill()
        why = str(process.gone)
        for identity in (*process.pending, *([process.opening] if process.opening is not None else [])):
            self._fault(identity, "died", why)
        process.pending.clear()

    def _abort(self, handle: int) -> None:
        """The host gave up on an operation and told the grader: end the process, answer nothing more for it."""
        process = self._forks.get(handle)
        if process is not None:
            process.pending.clear()
            process.opening = None
            process.end("The app's process was ended since it did not answer in time")
            process.kill()

    def _logs(self, identity: str, handle: int) -> None:
        process = self._forks.get(handle)
        if process is None:
            self._fault(identity, "died", "The app is not running")
            return
        process.output.read()
        self._answer(identity, {}, process.output.text())

    def _end_test(self) -> int:
        """Kill all that the test's app left; gives how many processes beyond its own there were."""
        if not self._forks:
            return 0
        for process in self._forks.values():
            process.end("The test is over")
        keep = {self._template.pid} if self._template is not None else set()
        spare = self._spare.introduced(_HELLO_PATIENCE_S) if self._spare is not None else None
        if spare is not None:
            keep.add(spare)
        else:
            self._drop_spare()  # its id is not known, so it can't be told from what a test left
        found, template_lives = processes.sweep(keep)
        if self._template is not None:
            self._template.over = self._template.asked - (spare is not None)
            if not template_lives:
                self._stop_template()
        for process in self._forks.values():
            process.output.close()
        # What was killed before may still be on its way out.
        left_over = len(found - self._killed - {process.pid for process in self._forks.values()})
        self._killed = {*found, *(process.pid for process in self._forks.values())}
        return left_over

    def _drop_spare(self) -> None:
        process, self._spare = self._spare, None
        if process is not None:
            process.end("It is not needed")
            process.output.close()

    def _all_output(self) -> bytes:
        self._tally.dropped(sum(process.output.dropped for process in self._forks.values()))
        return b"".join(process.output.text() for process in self._forks.values())

    def _forget_test(self) -> None:
        self._forks.clear()
        self._clock_changes.clear()
