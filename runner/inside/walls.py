"""The role `probe`: looks at the walls around its container from inside, tells what it found, and waits for the end.

    probe → host   ready {python, walls}

It judges nothing: what is found is held against what was asked for by `runner.sandbox.selftest`, on the host. A value
that can't be read here (another kernel, another version of cgroups) is None.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from runner.inside.frames import Frame, encode
from runner.inside.processes import be_first_to_go, hide_from_siblings

_WRITABLE = ("/work", "/tmp")
#: Folders of the image; /var/tmp is one that anyone may write to where the root can be written to at all.
_OF_THE_ROOT = ("/", "/etc", "/usr", "/opt/mendbox/lib", "/var/tmp", "/home")
_CGROUP = Path("/sys/fs/cgroup")
_PR_GET_NO_NEW_PRIVS = 39
_IPC_PRIVATE, _PTRACE_TRACEME, _CLONE_NEWUSER = 0, 0, 0x10000000


def look() -> dict[str, Any]:
    """Everything that is found, as JSON values."""
    return {
        "identity": _identity(),
        "no_new_privs": ctypes.CDLL(None).prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
        "seccomp": _status().get("Seccomp"),
        "calls": {
            **{name: in_a_child(attempt) for name, attempt in _FATAL.items()},
            **{name: _outcome(attempt) for name, attempt in _OTHERS.items()},
        },
        "interfaces": _interfaces(),
        "routes": _routes(),
        "mounts": _mounts(),
        "root_writes": {place: _write(place) for place in _OF_THE_ROOT},
        "tmpfs": {place: _tmpfs(place) for place in _WRITABLE},
        "cgroup": _cgroup(),
        "ulimits": _ulimits(),
        "pid_1": {path: in_a_child(partial(_open, path)) for path in ("environ", "mem", "fd/0")},
    }


def in_a_child(attempt: Callable[[], Any]) -> str:
    """What came of an attempt in a process of its own: `done`, `refused ERRNO`, `killed SIGNAL`, or `no child`."""
    try:
        pid = os.fork()
    except PermissionError:
        return "no child"  # the grader's filter lets it make none
    if pid == 0:
        code = 0
        try:
            be_first_to_go()
            attempt()
        except OSError as error:
            code = error.errno or 255
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status == 0:
        return "done"
    return f"killed {-status}" if status < 0 else f"refused {status}"


def _call(name: str, *arguments: Any) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


#: A few of many: calls that end the process, and others, of which one is wanted.
_FATAL: dict[str, Callable[[], Any]] = {
    "ptrace": lambda: _call("ptrace", _PTRACE_TRACEME, 0, None, None),
    "unshare": lambda: _call("unshare", _CLONE_NEWUSER),
}
_OTHERS: dict[str, Callable[[], Any]] = {
    "shmget": lambda: _call("shmget", _IPC_PRIVATE, ctypes.c_size_t(4096), 0o600),
    "memfd_create": lambda: os.memfd_create("probe"),
    "socket of AF_INET": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
    "socket of AF_UNIX": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close(),
}


def _identity() -> dict[str, Any]:
    names = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
    status = _status()
    if {"Uid", "Gid", "Groups"} <= status.keys():
        ids = {name: [int(number) for number in status[name].split()] for name in ("Uid", "Gid", "Groups")}
    else:  # gVisor's /proc tells fewer things, and it filters no call that does
        ids = {
            "Uid": [*os.getresuid(), os.geteuid()],
            "Gid": [*os.getresgid(), os.getegid()],
            "Groups": os.getgroups(),
        }
    return {
        **ids,
        "capabilities": {name: status[name] for name in names if name in status},
    }


def _status() -> dict[str, str]:
    lines = Path("/proc/self/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _interfaces() -> list[str]:
    lines = Path("/proc/net/dev").read_text().splitlines()
    return sorted(line.partition(":")[0].strip() for line in lines if ":" in line)


def _routes() -> int | None:
    """How many routes lead anywhere but to this very container; None where that can't be read."""
    try:
        rows = Path("/proc/net/route").read_text().splitlines()[1:]
    except OSError:
        return None
    return sum(not row.startswith("lo\t") for row in rows if row.strip())


def _mounts() -> list[list[str]]:
    """Each mount as [place, type, `ro` or `rw`]."""
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        fields, _, kind = line.partition(" - ")
        _, _, _, _, place, options, *_ = fields.split(" ")
        found.append([place, kind.split(" ")[0], "ro" if "ro" in options.split(",") else "rw"])
    return found


def _outcome(attempt: Callable[[], Any]) -> str:
    try:
        attempt()
    except OSError as error:
        return f"refused {error.errno}"
    return "done"


def _write(place: str) -> str:
    def write() -> None:
        path = os.path.join(place, ".mendbox-probe")
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        os.unlink(path)

    return _outcome(write)


def _open(path: str) -> None:
    # Whoever may open one may read it; to read PID 1's input would wait for some.
    os.close(os.open(f"/proc/1/{path}", os.O_RDONLY | os.O_NONBLOCK))


def _tmpfs(place: str) -> dict[str, Any]:
    seen = os.statvfs(place)
    flags = {"noexec": os.ST_NOEXEC, "nosuid": os.ST_NOSUID, "nodev": os.ST_NODEV}
    return {
        "bytes": seen.f_blocks * seen.f_frsize,
        "files": seen.f_files,
        "flags": sorted(name for name, flag in flags.items() if seen.f_flag & flag),
        "write": _write(place),
    }


def _cgroup() -> dict[str, int | None]:
    """Limits in bytes, processes and hundredths of a core, by either version of cgroups; -1: no limit."""
    quota, period = _number("cpu/cpu.cfs_quota_us"), _number("cpu/cpu.cfs_period_us")
    both = _words("cpu.max")
    if len(both) == 2:
        quota, period = (-1 if both[0] == "max" else int(both[0])), int(both[1])
    memory = _either("memory/memory.limit_in_bytes", "memory.max")
    swap = _number("memory.swap.max")
    with_swap = _number("memory/memory.memsw.limit_in_bytes")
    if with_swap is not None and memory is not None:
        swap = max(0, with_swap - memory)
    return {
        "memory": memory,
        "swap": swap,
        "processes": _either("pids/pids.max", "pids.max"),
        "cores": None if quota is None or not period else (-1 if quota < 0 else 100 * quota // period),
    }


def _either(first: str, second: str) -> int | None:
    found = _number(first)
    return _number(second) if found is None else found


def _number(path: str) -> int | None:
    words = _words(path)
    if not words:
        return None
    return -1 if words[0] == "max" else int(words[0])


def _words(path: str) -> list[str]:
    try:
        return (_CGROUP / path).read_text().split()
    except OSError:
        return []


def _ulimits() -> dict[str, tuple[int, int]]:
    names = ("core", "nofile", "fsize", "stack", "memlock", "msgqueue", "sigpending", "rtprio", "nice")
    return {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name.upper()}")) for name in names}


def run() -> NoReturn:
    """Look, say what was found, wait until the host lets go."""
    hide_from_siblings()
    told = encode(Frame("ready", {"python": sys.version.split()[0], "walls": json.loads(json.dumps(look()))}))
    while told:
        told = told[os.write(1, told) :]
    while os.read(0, 4096):
        pass
    os._exit(0)
