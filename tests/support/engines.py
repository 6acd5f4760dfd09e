"""A container engine of a test's own, to be killed, stopped and started again. The machine's own is never touched.

    from tests.support.engines import private_engine  # noqa: F401 -- a fixture

    def test_something(private_engine): ...

It needs root and the program `dockerd`: where either is missing its tests are skipped, except in CI, where they fail.
It has folders, socket and containerd namespaces of its own, no network and no firewall rules, and ends with the test
process.
"""

from __future__ import annotations

import contextlib
import gc
import os
import secrets
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.errors import SandboxUnavailable
from runner.sandbox.engine import Engine
from runner.sandbox.image import ensure_image

START_WAIT_S = 60.0
STOP_WAIT_S = 30.0
_SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin"


class PrivateEngine:
    """One `dockerd` and the sandbox image in it."""

    def __init__(self) -> None:
        #: Also containerd's namespace, which may not end with an underscore, nor begin a word with one.
        self.name = f"mendbox-engine-{secrets.token_hex(4)}"
        # Not pytest's tmp_path: a socket's path may have 107 bytes.
        self.folder = Path("/tmp") / self.name
        self.folder.mkdir(mode=0o700)
        self.host = f"unix://{self.folder}/docker.sock"
        self.image = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, again on what it had before; returns when it answers."""
        name = self.name
        options = {
            "data-root": self.folder / "data",
            "exec-root": self.folder / "run",
            "pidfile": self.folder / "pid",
            "host": self.host,
            "bridge": "none",
            "iptables": "false",
            "ip6tables": "false",
            # Where the machine has a containerd of its own, dockerd uses that one.
            "containerd-namespace": name,
            "containerd-plugins-namespace": f"{name}-plugins",
            # The other driver would need systemd.
            "exec-opt": "native.cgroupdriver=cgroupfs",
            "shutdown-timeout": "3",
        }
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    # An engine that is to have no bridge removes docker0: in a network of its own, not the machine's.
                    "unshare",
                    "--net",
                    "--",
                    "setpriv",
                    "--pdeathsig=TERM",
                    "--",
                    _dockerd(),
                    *(f"--{key}={value}" for key, value in options.items()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PATH": f"{os.environ['PATH']}:{_SYSTEM_PATH}"},
                start_new_session=True,
            )
        deadline = time.monotonic() + START_WAIT_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the private engine did not start:\n{self.log()[-3000:]}")
            time.sleep(0.1)

    def ensure_running(self) -> None:
        """Undo what a test did to it."""
        if self._process_here().poll() is None:
            self.unwedge()
        else:
            self.start()

    def terminate(self) -> None:
        """Stop it in order, as a package's upgrade does: it ends its containers first."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it with SIGKILL, as the kernel does when memory runs out. Its containers run on until it starts again."""
        self._end(signal.SIGKILL)
        # Its containerd ends with it and may stay a zombie where nobody collects it, and would pass for a running one.
        for path in (self.folder / "pid", self.folder / "run" / "containerd" / "containerd.pid"):
            path.unlink(missing_ok=True)

    def wedge(self) -> None:
        """Have it take connections and answer nothing."""
        self._process_here().send_signal(signal.SIGSTOP)

    def unwedge(self) -> None:
        self._process_here().send_signal(signal.SIGCONT)

    def containers(self) -> list[str]:
        """Ids of all containers, running or not."""
        with contextlib.closing(self.connect()) as engine:
            return [str(container["Id"]) for container in engine.pairs()]

    def connect(self, timeout_s: float = 30.0) -> Engine:
        """A connection of the caller's own."""
        before = os.environ.get("DOCKER_HOST")
        os.environ["DOCKER_HOST"] = self.host
        try:
            return Engine(timeout_s)
        finally:
            if before is None:
                del os.environ["DOCKER_HOST"]
            else:
                os.environ["DOCKER_HOST"] = before

    def load_image(self) -> None:
        """Copy the sandbox image from the machine's engine, where it is built if need be."""
        with contextlib.closing(Engine(120.0)) as shared, contextlib.closing(self.connect(120.0)) as own:
            self.image = ensure_image(shared.client, progress=print).tag
            own.client.images.load(shared.client.images.get(self.image).save(named=True))

    def log(self) -> str:
        """What it has written so far."""
        return (self.folder / "log").read_text(errors="replace")

    def close(self) -> None:
        """End it with all its containers and remove its files."""
        if self._process is not None and self._process.poll() is None:
            self.unwedge()
            self._end(signal.SIGTERM)
        for pid in self._left_over():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for mount in self._mounts():
            subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)
        shutil.rmtree(self.folder)

    def _process_here(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def _end(self, number: signal.Signals) -> None:
        process = self._process_here()
        process.send_signal(number)
        try:
            process.wait(STOP_WAIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _answers(self) -> bool:
        try:
            with contextlib.closing(self.connect(5.0)) as engine:
                engine.info()
        except SandboxUnavailable:
            return False
        finally:
            # The SDK leaves the socket of a refused connection to the garbage collector, which would warn later.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)
                gc.collect()
        return True

    def _left_over(self) -> list[int]:
        """Its containerd and its shims name its folder on their command line."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().split(b"\0")
                if b"containerd" in words[0] and any(os.fsencode(self.name) in word for word in words):
                    found.append(int(path.parent.name))
        return found

    def _mounts(self) -> list[str]:
        points = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
        return sorted((point for point in points if point.startswith(f"{self.folder}/")), reverse=True)


def _dockerd() -> str:
    return shutil.which("dockerd", path=f"{os.environ['PATH']}:{_SYSTEM_PATH}") or ""


def _require_root_and_dockerd() -> None:
    missing = []
    if os.geteuid() != 0:
        missing.append("it needs root")
    if not _dockerd():
        missing.append("there is no program dockerd")
    if missing:
        why = f"an engine of the test's own can't be started: {' and '.join(missing)}"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)


@pytest.fixture(scope="session")
def private_engine() -> Iterator[PrivateEngine]:
    """A running engine with the sandbox image; a test that ends it starts it again."""
    _require_root_and_dockerd()
    engine = PrivateEngine()
    try:
        engine.start()
        engine.load_image()
        yield engine
    finally:
        engine.close()
