"""The processes of the app container as PID 1 sees them: the template, and the forks that serve one test each."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from runner.inside.app_process import FORK_REQUEST, AppPlan, template_main
from runner.inside.channel import Channel, ChannelClosed
from runner.inside.frames import Frame, FrameRefused

_TEMPLATE_FRAME_BYTES = 256 * 1024
#: The kernel's own bound, PID_MAX_LIMIT: a process that says another number is not believed.
_MOST_PID = 4 * 1024 * 1024
#: What an answer's frame may hold beside the body that the limits allow.
_HEADER_ROOM_BYTES = 1024 * 1024


@dataclass
class Output:
    """What one process printed, capped; what comes after the cap is read and dropped."""

    fd: int
    most_bytes: int
    kept: bytearray = field(default_factory=bytearray)
    dropped: int = 0

    def read(self) -> None:
        """Take what is there now; at the end, close."""
        while self.fd >= 0:
            try:
                data = os.read(self.fd, 65536)
            except BlockingIOError:
                return
            if not data:
                os.close(self.fd)
                self.fd = -1
                return
            room = self.most_bytes - len(self.kept)
            self.kept += data[:room]
            self.dropped += len(data) - min(room, len(data))

    def close(self) -> None:
        """Take what is there now, and no more."""
        self.read()
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def text(self) -> bytes:
        """What was kept, with a line that says how much was not."""
        if not self.dropped:
            return bytes(self.kept)
        return bytes(self.kept) + f"\n[{self.dropped} more bytes of output were dropped]\n".encode()


@dataclass
class Fork:
    """A process that serves one test's app, or waits to. `opening`: the operation that its being there answers."""

    channel: Channel
    output: Output
    handle: int = -1
    opening: str | None = None
    pid: int | None = None
    pending: set[str] = field(default_factory=set)
    gone: str | None = None

    def hello(self, frame: Frame) -> bool:
        """Take the process's id from its first frame; whether this was that frame."""
        pid = frame.fields.get("pid")
        if frame.type != "hello" or self.pid is not None or not isinstance(pid, int) or not 1 < pid <= _MOST_PID:
            return False
        self.pid = pid
        return True

    def introduced(self, patience_s: float) -> int | None:
        """Its id, for which this waits if need be: only a process that was given no work yet is asked."""
        deadline = time.perf_counter() + patience_s
        try:
            while self.pid is None and (left_s := deadline - time.perf_counter()) > 0:
                if select.select([self.channel.read_fd], [], [], left_s)[0]:
                    for frame in self.channel.receive():
                        self.hello(frame)
        except (ChannelClosed, FrameRefused):
            return None
        return self.pid

    def end(self, why: str) -> None:
        """Let go of it: nothing is sent to it or taken from it any more."""
        if self.gone is None:
            self.gone = why
            self.channel.close()

    def kill(self) -> None:
        """Kill the process by the id it gave."""
        if self.pid is not None and self.pid > 1:
            kill(self.pid)

    def close_inherited(self) -> None:
        """In another process: close what was inherited of it."""
        if self.gone is None:
            self.channel.close()
        if self.output.fd >= 0:
            os.close(self.output.fd)


@dataclass
class Template:
    """The process that built the app and forks on request.

    `asked`: how many forks were asked for. `over`: how many of them, from the first, nobody will ask about again.
    """

    channel: Channel
    pid: int
    output: Output
    asked: int = 0
    over: int = 0

    @classmethod
    def start(cls, plan: AppPlan, output_bytes: int, leave: Callable[[], None]) -> Template:
        """Fork it. `leave` runs in the fork and closes all that speaks to the host."""
        ours, theirs = socket.socketpair()
        read_fd, write_fd = os.pipe()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            ours.close()
            os.close(read_fd)
            leave()
            template_main(theirs, write_fd, plan)
        theirs.close()
        os.close(write_fd)
        os.set_blocking(read_fd, False)
        fd = ours.detach()
        return cls(Channel(fd, fd, most_bytes=_TEMPLATE_FRAME_BYTES), pid, Output(read_fd, output_bytes))

    def fork(self, response_bytes: int) -> Fork:
        """Ask for a fork; it says hello when it is there. One that can't be had is gone at once."""
        ours, theirs = socket.socketpair()
        read_fd, write_fd = os.pipe()
        os.set_blocking(read_fd, False)
        fd = ours.detach()
        channel = Channel(fd, fd, most_bytes=response_bytes + _HEADER_ROOM_BYTES)
        fork = Fork(channel, Output(read_fd, self.output.most_bytes))
        control = socket.socket(fileno=os.dup(self.channel.write_fd))
        try:
            socket.send_fds(control, [FORK_REQUEST.pack(self.over)], [theirs.fileno(), write_fd])
            self.asked += 1
        except OSError:
            fork.end("The app's process could not be started")
        finally:
            control.close()
            theirs.close()
            os.close(write_fd)
        return fork

    def stop(self) -> None:
        """Kill it and let go of it."""
        self.channel.close()
        self.output.close()
        kill(self.pid)


def kill(pid: int) -> None:
    """Send SIGKILL; a process that is gone, or was never ours, is no fault."""
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
