"""`.ci/run` leaves nothing behind. It runs a stand-in for `make`, and no engine but a pretended one is ever asked."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.sandbox.image import CHECKOUT

from .conftest import Machine

StandIn = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def clone(machine: Machine) -> Path:
    folder = machine.root / "clone"
    shutil.copytree(CHECKOUT / "scripts", folder / "scripts")
    shutil.copytree(CHECKOUT / ".ci", folder / ".ci")
    (folder / ".mendbox").mkdir()
    machine.add("docker", f'echo "$*" >> {machine.root}/docker-calls')
    return folder


def run_ci(machine: Machine, clone: Path) -> subprocess.CompletedProcess[str]:
    return machine.command([str(clone / ".ci" / "run")], MENDBOX_STATE_DIR=str(clone / ".mendbox"))


def record_of(machine: Machine, process: subprocess.Popen[bytes]) -> str:
    return f"{process.pid} {machine.bash(f'start_time {process.pid}').stdout.strip()}"


def test_it_calls_exactly_make_test_and_gives_its_exit_status(machine: Machine, clone: Path) -> None:
    machine.add("make", f'echo "$*" > {machine.root}/make-calls; exit 2')
    assert run_ci(machine, clone).returncode == 2
    assert (machine.root / "make-calls").read_text() == "test\n"
    machine.add("make", "exit 0")
    assert run_ci(machine, clone).returncode == 0


def test_a_process_that_the_tests_forgot_is_ended(machine: Machine, clone: Path) -> None:
    machine.add("make", f"sleep 600 & echo $! > {machine.root}/forgotten; exit 0")
    assert run_ci(machine, clone).returncode == 0
    forgotten = int((machine.root / "forgotten").read_text())
    assert not is_running(forgotten)


def test_the_engine_it_started_is_stopped_and_its_containers_removed(
    machine: Machine, clone: Path, stand_in: StandIn
) -> None:
    engine = stand_in("dockerd")
    machine.add("make", f"echo '{record_of(machine, engine)}' > {clone}/.mendbox/dockerd.pid; exit 1")
    assert run_ci(machine, clone).returncode == 1
    assert engine.wait(timeout=10) == -signal.SIGTERM
    assert "label=org.mendbox.role" in (machine.root / "docker-calls").read_text()


def test_an_engine_that_ran_before_is_not_touched(machine: Machine, clone: Path, stand_in: StandIn) -> None:
    engine = stand_in("dockerd")
    (clone / ".mendbox" / "dockerd.pid").write_text(record_of(machine, engine) + "\n")
    machine.add("make", "exit 0")
    assert run_ci(machine, clone).returncode == 0
    assert engine.poll() is None
    assert not (machine.root / "docker-calls").exists()


def test_when_it_is_told_to_end_it_still_cleans_up(machine: Machine, clone: Path) -> None:
    machine.add(
        "make", f"sleep 600 & echo $! > {machine.root}/pid.new; mv {machine.root}/pid.new {machine.root}/pid; wait"
    )
    environ = {**machine.environ, "MENDBOX_STATE_DIR": str(clone / ".mendbox")}
    running = subprocess.Popen([clone / ".ci" / "run"], env=environ, stdin=subprocess.DEVNULL)
    machine.bash(f"while [ ! -e {machine.root}/pid ]; do sleep 0.05; done")
    running.terminate()
    assert running.wait(timeout=30) == 143
    assert not is_running(int((machine.root / "pid").read_text()))


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # An orphan that ended and that nobody collected still has its id.
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
