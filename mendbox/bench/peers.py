"""What Mendbox is measured against: the same hidden suite, the same fix, the same interpreter and packages.

`PlainPytest`: `python -m pytest` with suite and app in one process (`runner.inside.inprocess`: each test builds its app
anew by the harness), in a container that runs all the time, so neither container nor image is paid for. Bytecode is
kept between runs, as on a developer's machine. `DockerRun`: the same command in `docker run --rm` with the limits and
flags of our own containers, but with the engine's own seccomp profile and ulimits; one container each, files
bind-mounted read-only.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.errors import MendboxError, PlatformFault
from runner.limits import Limits
from runner.packages.package import ChallengePackage, Files
from runner.sandbox.settings import SANDBOX_UID

_PYTEST = [
    *("python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "runner.inside.inprocess"),
    *("-c", "/dev/null", "--rootdir=/suite/hidden", "/suite/hidden"),
]
_LOOP = """
import json, os, subprocess, sys, time
for line in sys.stdin:
    request = json.loads(line)
    if "files" in request:
        for path, text in request["files"].items():
            os.makedirs(os.path.dirname("/suite/" + path), exist_ok=True)
            open("/suite/" + path, "w").write(text)
        print("{}", flush=True)
        continue
    started = time.perf_counter()
    process = subprocess.Popen(request["command"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started
    print(json.dumps({"wall_s": wall_s, "cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024,
                      "exit": os.waitstatus_to_exitcode(status), "said": said.decode()[-2000:]}), flush=True)
"""


class PeerFailed(PlatformFault):
    """A peer could not run, or did not pass the suite that it is timed on."""


@dataclass(frozen=True)
class Exercise:
    """What is graded: a package and one of its reference fixes."""

    package: ChallengePackage
    fix: str

    def files(self) -> dict[str, bytes]:
        """Everything a plain run needs, by path below one folder."""
        tree: Files = {**self.package.starter, **self.package.fixes[self.fix]}
        return {
            **{f"app/{path}": data for path, data in tree.items()},
            **{f"hidden/{path}": data for path, data in self.package.hidden.items()},
            "harness.py": self.package.harness,
        }

    def environment(self) -> dict[str, str]:
        """What the in-process plugin reads."""
        return {
            "PYTHONPATH": "/opt/mendbox/lib:/opt/mendbox/site",
            "MENDBOX_APP": "/suite/app",
            "MENDBOX_HARNESS": "/suite/harness.py",
            "MENDBOX_ENTRY": self.package.manifest.app.entry,
        }


def docker_program() -> str:
    """The `docker` command. Raises MendboxError."""
    program = shutil.which("docker")
    if program is None:
        raise MendboxError("bench needs the `docker` command for its peers", hint="install the docker client")
    return program


def _env_flags(exercise: Exercise) -> list[str]:
    return [part for name, value in exercise.environment().items() for part in ("-e", f"{name}={value}")]


class PlainPytest:
    """Plain pytest, again and again in one running container. Close it."""

    def __init__(self, exercise: Exercise, image: str) -> None:
        """Start the container and give it the files. Raises PeerFailed."""
        command = [docker_program(), "run", "--rm", "-i", "--network", "none", "--user", f"{SANDBOX_UID}:{SANDBOX_UID}"]
        command += ["--tmpfs", f"/suite:rw,uid={SANDBOX_UID},gid={SANDBOX_UID}", "-e", "PYTHONDONTWRITEBYTECODE="]
        command += [*_env_flags(exercise), "--entrypoint", "python3", image, "-c", _LOOP]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        files = {path: data.decode() for path, data in exercise.files().items()}
        self._ask({"files": files})
        self.run()  # bytecode is written; what follows is the steady state

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise PeerFailed("the container of plain pytest ended")
        return dict(json.loads(line))

    def run(self) -> dict[str, float]:
        """One run: wall and CPU seconds, peak MB. Raises PeerFailed unless the whole suite passed."""
        answer = self._ask({"command": _PYTEST})
        if answer["exit"] != 0:
            raise PeerFailed(f"plain pytest does not pass the suite on this fix:\n{answer['said']}")
        return {name: float(answer[name]) for name in ("wall_s", "cpu_s", "peak_mb")}

    def close(self) -> None:
        """End the container."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


class DockerRun:
    """One hardened container for each run."""

    def __init__(self, exercise: Exercise, image: str, folder: Path, runtime: str) -> None:
        for path, data in exercise.files().items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        for entry in (folder, *folder.rglob("*")):
            entry.chmod(0o755 if entry.is_dir() else 0o644)
        limits = Limits()
        command = [docker_program(), "run", "--rm", "--network", "none", "--read-only", "--cap-drop", "ALL"]
        command += ["--security-opt", "no-new-privileges", "--user", f"{SANDBOX_UID}:{SANDBOX_UID}", "--ipc", "none"]
        command += ["--pids-limit", str(limits.pids), "--cpus", str(limits.cpus), "--memory", f"{limits.memory_mb}m"]
        command += [
            "--memory-swap",
            f"{limits.memory_mb}m",
            "--log-driver",
            "none",
            "--tmpfs",
            "/tmp:rw,noexec,size=32m",
        ]
        command += ["-v", f"{folder}:/suite:ro", *_env_flags(exercise), *(["--runtime", runtime] if runtime else [])]
        self._command = [*command, image, *_PYTEST]

    def run(self) -> dict[str, float]:
        """One run: wall seconds of the whole command. Raises PeerFailed unless the whole suite passed."""
        started = time.perf_counter()
        done = subprocess.run(
            self._command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=dict(os.environ), check=False
        )
        wall_s = time.perf_counter() - started
        if done.returncode != 0:
            raise PeerFailed(f"docker run does not pass the suite on this fix:\n{(done.stdout + done.stderr)[-2000:]}")
        return {"wall_s": wall_s}
