"""PID 1 of a container in which a candidate's visible tests run: plain pytest, in a fork, in the folder of their files.

    host → PID 1    tests  {files, wall_s, most_bytes} + contents       once
    PID 1 → host    ready  {python}                                     imports are done
                    output {} + body                                    what is printed, as it is printed
                    ended  {code, signal, in_time, oom, left_out}       how pytest ended

There is nothing in this container that a candidate does not have: no hidden suite, no harness, no reference fix. What
the fork says is the candidate's word, and what comes of it is shown to nobody else.
"""

from __future__ import annotations

import gc
import importlib
import os
import selectors
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from runner.inside import processes
from runner.inside.channel import Channel, ChannelClosed
from runner.inside.files import write_files
from runner.inside.frames import Frame
from runner.inside.pytest_modules import MODULES
from runner.inside.visible_codes import CODE_BASE, INTERNAL_ERROR

_TREE = Path("/work/app")
_OPTIONS = ("-v", "--color=no", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=20")
#: What is read of the output at once, and goes into one frame.
_CHUNK_BYTES = 16 * 1024
#: Of all that may be printed, what is kept for the end: there pytest says what failed.
_TAIL_SHARE = 4
_LOOK_S = 0.05
#: How long what was killed may take to be gone.
_GONE_S = 1.0
#: Frames from the host: a submission as large as may be, with room for the paths.
_MOST_LOAD_BYTES = 64 * 1024 * 1024


@dataclass
class Bounded:
    """Output with a bound: the beginning as it comes, the last of it at the end, and how much was left out between."""

    most_bytes: int
    sent: int = 0
    seen: int = 0
    tail: bytearray = field(default_factory=bytearray)

    @property
    def _tail_bytes(self) -> int:
        return self.most_bytes // _TAIL_SHARE

    def feed(self, data: bytes) -> bytes:
        """Take what was printed; what of it is to be sent at once."""
        self.seen += len(data)
        room = self.most_bytes - self._tail_bytes - self.sent
        now, rest = data[:room], data[room:]
        self.sent += len(now)
        self.tail += rest
        del self.tail[: max(0, len(self.tail) - self._tail_bytes)]
        return now

    def finish(self) -> tuple[int, bytes]:
        """How many bytes were left out, and the last ones."""
        return self.seen - self.sent - len(self.tail), bytes(self.tail)


class VisibleHost:
    """Runs the tests once and relays what they print."""

    def __init__(self, host: Channel, tests: Frame) -> None:
        """`tests`: the host's frame."""
        self._host = host
        self._wall_s = float(tests.fields["wall_s"])
        self._output = Bounded(int(tests.fields["most_bytes"]))
        self._oom = processes.OomWatch()
        write_files(_TREE, tests.fields["files"], tests.body)

    def run(self) -> None:
        """Run pytest to its end, or to the end of its time. Raises ChannelClosed when the host is gone."""
        read_fd, write_fd = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read_fd)
            self._host.close()
            _become_pytest(write_fd)
        os.close(write_fd)
        os.set_blocking(read_fd, False)
        status = self._relay(read_fd, pid)
        in_time = status is not None
        if status is None:
            processes.sweep(set())
            status = processes.exit_status(pid, _GONE_S) or 0
        else:
            # What the tests left running holds their output open, and would print on.
            processes.sweep(set())
        while self._read(read_fd):
            pass
        os.close(read_fd)
        left_out, tail = self._output.finish()
        for start in range(0, len(tail), _CHUNK_BYTES):
            self._send(Frame("output", {"left_out": left_out} if not start else {}, tail[start : start + _CHUNK_BYTES]))
        code = os.waitstatus_to_exitcode(status)
        self._send(
            Frame(
                "ended",
                {
                    "code": max(0, code),
                    "signal": max(0, -code),
                    "in_time": in_time,
                    "oom": self._oom.rose(),
                    "left_out": left_out,
                },
            )
        )

    def _relay(self, read_fd: int, pid: int) -> int | None:
        """Pass on what is printed until pytest ends; its wait status, None when its time is up."""
        deadline = time.monotonic() + self._wall_s
        with selectors.PollSelector() as selector:
            selector.register(read_fd, selectors.EVENT_READ)
            selector.register(self._host.read_fd, selectors.EVENT_READ)
            while (left_s := deadline - time.monotonic()) > 0:
                ready = {key.fd for key, _ in selector.select(min(left_s, _LOOK_S))}
                if self._host.read_fd in ready:
                    # The host says nothing more: what comes is its end.
                    for _ in self._host.receive():
                        pass
                if read_fd in ready and not self._read(read_fd):
                    # Everybody has closed it, pytest too, which may still run.
                    selector.unregister(read_fd)
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    return status
        return None

    def _read(self, fd: int) -> bool:
        """Take one piece of what is there now, as a flood must not outlast the time; whether there was any."""
        try:
            data = os.read(fd, _CHUNK_BYTES)
        except BlockingIOError:
            return False
        now = self._output.feed(data)
        if now:
            self._send(Frame("output", {}, now))
        return bool(data)

    def _send(self, frame: Frame) -> None:
        self._host.send(frame)
        while self._host.wants_to_write:
            with selectors.PollSelector() as selector:
                selector.register(self._host.write_fd, selectors.EVENT_WRITE)
                selector.select()
            self._host.flush()


def _become_pytest(output_fd: int) -> NoReturn:
    code = 1
    try:
        processes.be_first_to_go()
        os.setsid()
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(output_fd, 1)
        os.dup2(output_fd, 2)
        os.close(output_fd)
        # Line by line, or what a test prints last before it hangs would never be seen.
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        os.chdir(_TREE)
        sys.argv = ["pytest"]
        os.environ.update(COLUMNS="100", HOME="/tmp")
        pytest = importlib.import_module("pytest")
        _leave_no_trace()
        code = CODE_BASE + int(pytest.main(list(_OPTIONS)))
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        code = CODE_BASE + INTERNAL_ERROR
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _leave_no_trace() -> None:
    """Our own packages are not to be found in place of a candidate's of the same name."""
    lib = str(Path(__file__).parents[2])
    sys.path[:] = [folder for folder in sys.path if folder != lib]
    for name in [name for name in sys.modules if name.partition(".")[0] == "runner"]:
        del sys.modules[name]


def run() -> NoReturn:
    """Import what the tests import, say ready, run them, wait for the end."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in (*MODULES, "flask", "flask_sqlalchemy"):
        importlib.import_module(name)
    processes.hide_from_siblings()
    read_fd, write_fd = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    host = Channel(read_fd, write_fd, most_bytes=_MOST_LOAD_BYTES)
    gc.freeze()
    gc.enable()
    try:
        host.send(Frame("ready", {"python": sys.version.split()[0]}))
        tests = _first(host)
        if tests.type == "tests":
            VisibleHost(host, tests).run()
            _first(host)
    except ChannelClosed:
        # Nobody listens any more: what still runs ends with this process.
        pass
    os._exit(0)


def _first(host: Channel) -> Frame:
    """The next frame. Raises ChannelClosed at the end."""
    with selectors.PollSelector() as selector:
        selector.register(host.read_fd, selectors.EVENT_READ)
        while True:
            selector.select()
            for frame in host.receive():
                return frame
