"""What the candidate's code tries, told to PID 1 by an audit hook of Python's (PEP 578) in the app's own processes.

An honest app does none of this. Each attempt is one byte over a socket at the moment it is made: what has been told
can't be taken back, since a socket, unlike a pipe, can't be opened a second time and emptied. The hook lies in the
process it watches, so code that knows of it can silence it for what comes after, and what C code does is not seen: the
counts may be too low, and too high only by the app's own doing.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from typing import Any

from runner.inside.services import REDIS_SOCKET

#: Attempts of one kind that one process tells of: as many as the socket holds while nobody reads.
MOST_TOLD = 200
#: The byte that tells of each kind.
KINDS = {
    b"n": "tried_network",
    b"p": "tried_programs",
    b"c": "tried_native_code",
    b"f": "tried_paths",
    b"k": "tried_signals",
}
_WATCHED = {
    **dict.fromkeys(("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"), b"n"),
    **dict.fromkeys(("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"), b"n"),
    **dict.fromkeys(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "pty.spawn"), b"p"),
    **dict.fromkeys(("ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle"), b"c"),
    **dict.fromkeys(("open", "os.listdir", "os.scandir", "os.chdir", "os.link", "os.symlink"), b"f"),
    **dict.fromkeys(("os.kill", "os.killpg"), b"k"),
}
#: What apps and their libraries may open: their own files, the interpreter's, and what says nothing of the sandbox.
_USUAL = (
    *("/work/", "/tmp/", "/usr/", "/lib/", "/lib64/"),
    *("/dev/null/", "/dev/zero/", "/dev/urandom/", "/dev/random/"),
    *("/etc/mime.types/", "/etc/localtime/", "/etc/timezone/", "/etc/os-release/", "/etc/ssl/certs/"),
    *("/proc/cpuinfo/", "/proc/meminfo/"),
)

#: Where a challenge's own Redis answers: a Unix socket without a file, which is no network.
_DOORS = (REDIS_SOCKET, REDIS_SOCKET.encode())


def told_through() -> tuple[socket.socket, socket.socket]:
    """A socket to read what is told, and one to tell it by, which takes nothing in. Neither ever waits."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    theirs.shutdown(socket.SHUT_RD)
    return ours, theirs


def tell_attempts(fd: int) -> None:
    """Tell of attempts through this descriptor from now on, in this process and in its forks. Can't be undone."""
    usual = (*_USUAL, *{f"{os.path.abspath(folder)}/" for folder in (sys.prefix, sys.base_prefix, *sys.path) if folder})
    sys.addaudithook(_hook(fd, usual))


def _hook(fd: int, usual: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    kind_of, write, own_pid = _WATCHED.get, os.write, os.getpid
    left = dict.fromkeys(KINDS, MOST_TOLD)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        kind = kind_of(event)
        if kind is None or left[kind] <= 0:
            return
        try:
            if kind == b"f" and not unusual(arguments[0], usual):
                return
            if event == "os.kill" and arguments[0] == own_pid():
                return
            if event == "socket.connect" and arguments[1] in _DOORS:
                return
            left[kind] -= 1
            write(fd, kind)
        except Exception:
            pass  # a hook that raises would forbid what it only has to tell

    return hook


def unusual(path: Any, usual: tuple[str, ...]) -> bool:
    """Whether a path lies outside all of these folders. Links are not followed: making one is told."""
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    elif isinstance(path, os.PathLike):
        path = os.fspath(path)
    if not isinstance(path, str) or not path:
        return False  # a descriptor, or the folder that the process is in
    if ".." in path or not path.startswith("/"):
        if ".." not in path:
            return False
        path = os.path.abspath(path)
    return not f"{path}/".startswith(usual)
