"""What PID 1 of the app container knows and does about the processes in its container. Linux only, no privilege."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import time
from pathlib import Path

_PR_SET_DUMPABLE = 4
#: Rounds of killing before everything is killed at once, the template included.
_SWEEP_ROUNDS = 25
#: More processes than this in one test are waited for until they are gone.
_MANY = 8
_GONE_S = 2.0
_OOM_FILES = (
    Path("/sys/fs/cgroup/memory.events"),
    Path("/sys/fs/cgroup/memory/memory.oom_control"),
)
_PIDS_FILES = (
    Path("/sys/fs/cgroup/pids.events"),
    Path("/sys/fs/cgroup/pids/pids.events"),
)
#: How processes ended that were seen dead while others were looked for, until somebody asks: ids and wait statuses.
_ends: dict[int, int] = {}
_MOST_ENDS = 10_000


def hide_from_siblings() -> None:
    """Keep processes of the same user out of this one's /proc entries and memory."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def be_first_to_go() -> None:
    """Have the kernel choose this process and its children, not PID 1, when memory runs out; leave no core files.

    A fork inherits that PID 1 is hidden; these are not, so that PID 1 can read how they ended.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        pass  # gVisor has no such file to write; there the whole sandbox ends
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def oom_kills() -> int:
    """How often the kernel killed a process of this container for memory; 0 where it can't be read."""
    return _counted(_OOM_FILES, "oom_kill")


def forks_refused() -> int:
    """How often the kernel refused a process since the container had as many as it may; 0 where it can't be read."""
    return _counted(_PIDS_FILES, "max")


def _counted(files: tuple[Path, ...], wanted: str) -> int:
    for path in files:
        try:
            text = path.read_text()
        except OSError:
            continue
        for line in text.splitlines():
            name, _, value = line.partition(" ")
            if name == wanted:
                return int(value)
    return 0


class OomWatch:
    """Tells of each kill for memory once."""

    def __init__(self) -> None:
        self._seen = oom_kills()

    def rose(self) -> bool:
        """Whether the kernel killed a process of this container for memory since this was last asked."""
        before, self._seen = self._seen, oom_kills()
        return self._seen > before


def sweep(keep: set[int]) -> tuple[set[int], bool]:
    """Kill every process of the container but PID 1 and `keep`.

    Gives which were found and whether `keep` lived: what forks faster than it is found is ended by killing all. A
    process that has been sent SIGKILL runs no more of its own code, so nothing waits for the kernel to clear it away,
    unless there are so many that the next test would find no room for its own.
    """
    found: set[int] = set()
    for _ in range(_SWEEP_ROUNDS):
        fresh = _alive(keep) - found
        if not fresh:
            if len(found) > _MANY:
                _wait_until_gone(keep)
            return found, True
        found |= fresh
        for pid in fresh:
            _kill(pid)
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass
    _wait_until_gone(set())
    return found, False


def _wait_until_gone(keep: set[int]) -> None:
    deadline = time.perf_counter() + _GONE_S
    while _alive(keep) and time.perf_counter() < deadline:
        time.sleep(0.001)


def reap() -> None:
    """Collect the ends of processes that became ours."""
    try:
        while (end := os.waitpid(-1, os.WNOHANG))[0]:
            _note_end(*end)
    except ChildProcessError:
        pass


def take_ends() -> list[tuple[int, int]]:
    """Ids and wait statuses of processes that were seen dead since this was last asked, as far as anything tells."""
    ends = list(_ends.items())
    _ends.clear()
    return ends


def _note_end(pid: int, status: int) -> None:
    if len(_ends) < _MOST_ENDS:
        _ends[pid] = status


def exit_status(pid: int, patience_s: float) -> int | None:
    """The wait status of an ended process; None while it lives, 0 where nothing tells how it ended.

    A child's is asked of the kernel. Another's is read from /proc, since the parent is the template, whose word is the
    candidate's; gVisor writes 0 there.
    """
    deadline = time.perf_counter() + patience_s
    while True:
        ended, status = _end_of(pid)
        if ended:
            return status
        if time.perf_counter() > deadline:
            return None
        time.sleep(0.001)


def _end_of(pid: int) -> tuple[bool, int]:
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass
    else:
        return found == pid, status
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return True, _ends.get(pid, 0)
    return fields[0] == "Z", int(fields[49])


def describe_status(status: int | None, *, no_memory: bool = False) -> str:
    """A wait status in words; `no_memory`: the kernel killed for memory meanwhile."""
    if no_memory:
        return "was ended since it used more memory than it may"
    if status is None:
        return "stopped answering"
    if status == 0:
        return "ended"
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSYS:
        return "made a system call that the sandbox does not allow"
    if os.WIFSIGNALED(status):
        return f"was killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"exited with status {os.waitstatus_to_exitcode(status)}"


def _alive(keep: set[int]) -> set[int]:
    own = os.getpid()
    alive: set[int] = set()
    reap()
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == own or int(name) in keep:
            continue
        try:
            fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] not in "ZX":
            alive.add(int(name))
        elif fields[0] == "Z":
            _note_end(int(name), int(fields[49]))
    return alive


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
