"""Derives what the containers call, by watching them: `python -m runner.sandbox.seccomp.derive [CHALLENGE …]`.

Every starter, reference fix, mistake and degenerate app of the challenges is graded, and the honest apps in
`tests/sandbox/habits_app` and `tests/sandbox/carts_app`, in containers with no filter. strace (Debian's package,
started as root on the engine's own machine) is attached to each container's PID 1 before the role's program begins, and
follows every fork. What was seen is written to `observed.json`; nothing else is changed. Deadlines are lengthened,
since what is watched is slow.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from runner.errors import MendboxError, SandboxUnavailable
from runner.grading.proof import submissions_of
from runner.grading.report import Observer, RunReport, Work
from runner.grading.service import GradingOptions, run_suite
from runner.limits import Limits
from runner.packages.finder import list_challenges
from runner.packages.loader import load_package
from runner.sandbox.confinement import ContainerSpec
from runner.sandbox.engine import Engine
from runner.sandbox.image import CHECKOUT, ensure_images
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.seccomp.profile import OBSERVED, ROLES
from runner.sandbox.settings import SandboxSettings

HABITS = CHECKOUT / "tests" / "sandbox" / "habits_app"
CARTS = CHECKOUT / "tests" / "sandbox" / "carts_app"
#: Whose arguments decide whether a call is allowed, and which argument that is.
_ARGUMENTS = {"socket": 0, "socketpair": 0, "ioctl": 1, "prctl": 0, "personality": 0, "fcntl": 1}
_CALL = re.compile(r"^\d+ +([a-z_0-9]+)\((.*)$")
_CLONE_FLAGS = re.compile(r"flags=(0x[0-9a-f]+)")
_ATTACH_S = 10.0
#: A watched process is some ten times slower.
_SLOWER: dict[str, Any] = {"app_start_s": 60.0, "request_s": 29.0, "test_s": 59.0, "grading_s": 590.0}


@dataclass
class Seen:
    """What one role called. `arguments`: the values of the arguments that matter, by call."""

    calls: set[str] = field(default_factory=set)
    arguments: dict[str, set[int]] = field(default_factory=dict)

    def add(self, line: str) -> None:
        """Take one line of strace's, with raw constants (`-X raw`) and process ids (`-f -o`)."""
        match = _CALL.match(line)
        if match is None:
            return
        name, rest = match.groups()
        self.calls.add(name)
        value = _argument(name, rest)
        if value is not None:
            self.arguments.setdefault(name, set()).add(value)

    def document(self) -> dict[str, Any]:
        """As it is written."""
        values = {name: sorted(values) for name, values in sorted(self.arguments.items())}
        return {"calls": sorted(self.calls), "arguments": values}


def _argument(name: str, rest: str) -> int | None:
    if name == "clone":
        match = _CLONE_FLAGS.search(rest)
        return int(match[1], 16) if match else None
    if name not in _ARGUMENTS:
        return None
    parts = re.split(r"[,)<]", rest)
    try:
        return int(parts[_ARGUMENTS[name]].strip(), 0)
    except (IndexError, ValueError):
        return None


class WatchedEngine(Engine):
    """Starts containers without a filter, and a strace on each before its program begins."""

    def __init__(self, folder: Path) -> None:
        super().__init__(120.0)
        self._folder = folder
        self._roles: dict[str, str] = {}
        self._sockets: dict[str, Any] = {}
        self._watchers: list[subprocess.Popen[bytes]] = []

    def host_options(self, spec: ContainerSpec) -> dict[str, Any]:
        options = super().host_options(spec)
        others = [option for option in options["security_opt"] if not option.startswith("seccomp=")]
        return {**options, "security_opt": [*others, "seccomp=unconfined"]}

    def container_options(self, spec: ContainerSpec) -> dict[str, Any]:
        options = super().container_options(spec)
        # A shell reads one line byte by byte and then becomes the program: time to attach before its first call.
        wait = ["sh", "-c", 'read -r _ && exec "$@"', "sh", *options["command"]]
        return {**options, "command": wait}

    def create(self, spec: ContainerSpec) -> str:
        identity = super().create(spec)
        self._roles[identity] = spec.role
        return identity

    def attach(self, container_id: str) -> tuple[Any, Any]:
        sock, stream = super().attach(container_id)
        self._sockets[container_id] = sock
        return sock, stream

    def start(self, container_id: str) -> None:
        super().start(container_id)
        pid = int(self.state(container_id)["Pid"])
        output = self._folder / f"{self._roles[container_id]}-{container_id[:12]}"
        command = [
            "strace",
            "-f",
            "-qq",
            "-X",
            "raw",
            "-s",
            "0",
            "-e",
            "signal=none",
            "-o",
            str(output),
            "-p",
            str(pid),
        ]
        self._watchers.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))
        deadline = time.monotonic() + _ATTACH_S
        while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text():
            if time.monotonic() > deadline:
                raise SandboxUnavailable("strace could not be attached", hint="run this as root, where the engine is")
            time.sleep(0.01)
        self._sockets.pop(container_id).sendall(b"\n")

    def seen(self) -> dict[str, Seen]:
        """What each role called, once every watched process has ended."""
        for watcher in self._watchers:
            watcher.wait(60)
        found = {role: Seen() for role in ROLES}
        for file in self._folder.iterdir():
            with file.open(errors="replace") as lines:
                for line in lines:
                    found[file.name.partition("-")[0]].add(line)
        return found


@dataclass
class PatientSandbox:
    """A sandbox that gives every grading more time."""

    sandbox: DockerSandbox

    @property
    def environment(self) -> Mapping[str, Any]:
        return self.sandbox.environment

    def run(self, work: Work, observe: Observer) -> RunReport:
        return self.sandbox.run(replace(work, limits=work.limits.model_copy(update=_SLOWER)), observe)


def gradings(challenges: Iterable[Path], sandbox: PatientSandbox) -> Iterator[tuple[str, RunReport]]:
    """Every grading to be watched, by its name."""
    yield "honest habits", sandbox.run(habits(), lambda kind, data: None)
    yield "carts in Redis", sandbox.run(carts(), lambda kind, data: None)
    for folder in challenges:
        package = load_package(folder)
        for name, submission in submissions_of(package)[0].items():
            yield f"{package.slug} {name}", run_suite(package, submission, sandbox, GradingOptions(seed=1))


def habits() -> Work:
    """What honest apps do beyond what the challenges happen to do, and a suite that sees that it works."""
    return Work(
        tree={"habits/__init__.py": (HABITS / "habits.py").read_bytes()},
        harness=(HABITS / "harness.py").read_bytes(),
        hidden={"test_suite.py": (HABITS / "suite.py").read_bytes()},
        entry="habits:create_app",
        limits=Limits(),
        seed=7,
    )


def carts() -> Work:
    """What an honest suite and app do with a Redis."""
    return Work(
        tree={"carts/__init__.py": (CARTS / "carts" / "__init__.py").read_bytes()},
        harness=(CARTS / "harness.py").read_bytes(),
        hidden={"test_suite.py": (CARTS / "suite.py").read_bytes()},
        entry="carts:create_app",
        limits=Limits(),
        seed=7,
        services=("redis",),
    )


def conditions(python: str) -> dict[str, str]:
    """What the observation depends on."""
    kernel = ".".join(platform.release().split(".")[:2])
    return {"architecture": platform.machine(), "kernel": kernel, "python": python}


def main(arguments: list[str] | None = None) -> int:
    """Watch, and write what was seen; 0 when every grading ran to its end."""
    parser = argparse.ArgumentParser(prog="python -m runner.sandbox.seccomp.derive", description=__doc__)
    parser.add_argument("challenges", nargs="*", type=Path, help="folders of challenges; every one by default")
    parser.add_argument("--add", action="store_true", help="keep what was observed before (on another machine)")
    options = parser.parse_args(arguments)
    try:
        return _derive(options.challenges or list_challenges(CHECKOUT / "challenges"), add=options.add)
    except MendboxError as error:
        print(f"error: {error}\nnext: {error.hint}", file=sys.stderr)  # noqa: T201
        return error.exit_code


def _derive(challenges: Iterable[Path], *, add: bool) -> int:
    if shutil.which("strace") is None:
        raise MendboxError("strace is not here", hint="apt-get install strace")
    before = json.loads(OBSERVED.read_text()) if add else {}
    with (
        tempfile.TemporaryDirectory(prefix="mendbox-seccomp-") as folder,
        closing(WatchedEngine(Path(folder))) as engine,
    ):
        images = ensure_images(engine.client, "", {}, progress=lambda line: print(line, file=sys.stderr))  # noqa: T201
        settings = SandboxSettings(*images, pair_ready_s=120.0, warm_pairs=0)
        with closing(DockerSandbox(engine, settings)) as sandbox:
            for name, report in gradings(challenges, PatientSandbox(sandbox)):
                ended = {status: sum(test.status == status for test in report.tests) for status in ("passed", "error")}
                print(f"{name}: {report.outcome}, {len(report.tests)} tests, {ended}", flush=True)  # noqa: T201
            python = str(sandbox.environment["python"])
        seen = engine.seen()
    now, earlier = conditions(python), before.get("conditions", [])
    document: dict[str, Any] = {"conditions": [*earlier, *([] if now in earlier else [now])]}
    for role in ROLES:
        for name in before.get(role, {}).get("calls", []):
            seen[role].calls.add(name)
        for name, values in before.get(role, {}).get("arguments", {}).items():
            seen[role].arguments.setdefault(name, set()).update(values)
        document[role] = seen[role].document()
    OBSERVED.write_text(json.dumps(document, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
