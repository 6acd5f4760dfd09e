from __future__ import annotations

import gc
import os
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest

from mendbox.service_images import ServiceImages, ensure_service_images
from runner.sandbox.build import ImageRef
from runner.sandbox.engine import Engine
from runner.sandbox.image import CHECKOUT, ensure_image

TOOLS = ["bash", "cat", "cut", "date", "dirname", "env", "flock", "grep", "head", "id", "mkdir", "mv", "nohup"]
TOOLS += ["readlink", "rm", "sed", "setsid", "sleep", "tail", "tee", "timeout", "tr", "uname", "xargs"]


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    client = docker.from_env(use_context=False, timeout=120)
    yield client
    client.close()


@pytest.fixture(scope="session")
def image(engine: docker.DockerClient) -> ImageRef:
    return ensure_image(engine, progress=print)


@pytest.fixture
def no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """DOCKER_HOST names a socket at which nobody listens."""
    host = f"unix://{tmp_path}/nobody.sock"
    monkeypatch.setenv("DOCKER_HOST", host)
    yield host
    # The SDK leaves the socket of a refused connection to the garbage collector, which would warn in a later test.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@dataclass(frozen=True)
class Machine:
    """A pretended machine for the scripts: its own PATH, run directory and state; the real kernel and /proc."""

    root: Path

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def state(self) -> Path:
        return self.root / "state"

    def add(self, name: str, script: str) -> None:
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    def bash(self, code: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Runs `code` after the scripts' functions have been sourced."""
        sources = "\n".join(f'source "{CHECKOUT}/scripts/lib/{name}.sh"' for name in ("common", "engine", "python"))
        return self.command(["bash", "-c", f"set -euo pipefail\n{sources}\n{code}"], **environ)

    def command(self, command: list[str], **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PATH": str(self.bin),
            "HOME": str(self.root),
            "MENDBOX_RUN_DIR": str(self.run),
            "MENDBOX_STATE_DIR": str(self.state),
            "MENDBOX_SYSTEMD_DIR": str(self.root / "no-systemd"),
        }


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    for folder in (made.bin, made.state, made.run / "docker" / "containerd"):
        folder.mkdir(parents=True)
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None, f"{tool} is not on PATH"
        (made.bin / tool).symlink_to(found)
    made.add("id", '[ "$1" = -u ] && echo 0 || echo root')
    return made


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Starts a real process with the name of a program, which does nothing."""
    started: list[subprocess.Popen[bytes]] = []
    sleep = shutil.which("sleep")
    assert sleep is not None

    def start(name: str) -> subprocess.Popen[bytes]:
        folder = tmp_path / "stand-in"
        folder.mkdir(exist_ok=True)
        program = folder / name
        if not program.exists():
            shutil.copy(os.path.realpath(sleep), program)
        started.append(subprocess.Popen([program, "600"]))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def service_images() -> Iterator[ServiceImages]:
    """The images that Compose starts, under the tags that name their contents."""
    engine = Engine(300)
    yield ensure_service_images(engine, progress=print)
    engine.close()
