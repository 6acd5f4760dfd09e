"""When the platform fails it says so, raises, and leaves nothing behind."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.errors import GraderFault, SandboxUnavailable
from runner.grading.report import Observer, RunReport, Work
from runner.limits import Limits
from runner.sandbox import reaper
from runner.sandbox.engine import Engine, machine_identity
from runner.sandbox.pair import Pair
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.reaper import is_abandoned, reap
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.starting import start_pair
from tests.support.sandboxes import Run

ONE_TEST = "def test_it(client): assert client.get('/users/1').status_code == 200\n"


def test_an_image_that_is_not_there_names_the_command_that_builds_it(engine: Engine) -> None:
    with pytest.raises(SandboxUnavailable) as caught:
        DockerSandbox(engine, SandboxSettings(image="mendbox/none:such"))
    assert "mendbox image build" in (caught.value.hint or "")


@pytest.fixture
def refused() -> Iterator[None]:
    """docker-py leaves the socket of a refused connection to the collector: it is collected here, without complaint."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.mark.usefixtures("refused")
def test_a_wedged_engine_is_a_platform_fault_within_its_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "engine.sock")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(8)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
    with pytest.raises(SandboxUnavailable, match="does not answer"):
        Engine(1.0)
    listener.close()


@pytest.mark.usefixtures("refused")
def test_no_engine_at_all_is_a_platform_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/engine.sock")
    with pytest.raises(SandboxUnavailable, match="does not answer") as caught:
        Engine(1.0)
    assert "doctor" in (caught.value.hint or "")


@pytest.mark.usefixtures("refused")
def test_an_engine_behind_tls_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).touch()
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable) as caught:
        Engine(1.0)
    assert "DOCKER_HOST" in (caught.value.hint or "")


def remove_soon(engine: Engine, containers: list[str], after_s: float) -> threading.Thread:
    def remove() -> None:
        time.sleep(after_s)
        for identity in containers:
            engine.remove(identity)

    thread = threading.Thread(target=remove)
    thread.start()
    return thread


@pytest.mark.parametrize("which", [0, 1])
def test_a_container_taken_away_in_mid_grading_is_no_grade(
    engine: Engine, settings: SandboxSettings, which: int
) -> None:
    from tests.support.sandboxes import ENTRY, SAMPLE, sample_tree

    pair = start_pair(engine, settings, Limits())
    thread = remove_soon(engine, [pair.container_ids[which]], 1.0)
    work = Work(
        tree=sample_tree(),
        harness=(SAMPLE / "harness.py").read_bytes(),
        hidden={"test_suite.py": b"import time\ndef test_waits(client):\n    client.get('/hang') or time.sleep(8)\n"},
        entry=ENTRY,
        limits=Limits(request_s=8.0, test_s=12.0),
        seed=1,
    )
    try:
        with pytest.raises((SandboxUnavailable, GraderFault)):
            pair.run(work, lambda kind, data: None, warm=True)
    finally:
        thread.join()
        pair.destroy()


def test_a_warm_pair_that_died_is_replaced_not_used(engine: Engine, settings: SandboxSettings) -> None:
    sandbox = DockerSandbox(engine, settings)
    sandbox.start()
    try:
        assert sandbox.wait_until_warm(60)
        for identity in sandbox._warm[()][0].container_ids:
            engine.remove(identity)
        time.sleep(0.5)
        report = Run(sandbox)(ONE_TEST)
        assert [test.status.value for test in report.tests] == ["passed"]
        assert report.warm is False
    finally:
        sandbox.close()


def test_pairs_are_kept_warm_after_a_fault_that_nobody_foresaw(
    engine: Engine, settings: SandboxSettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faults = [RuntimeError("can't start new thread")]

    def start(*arguments: Any) -> Pair:
        if faults:
            raise faults.pop()
        return start_pair(*arguments)

    monkeypatch.setattr("runner.sandbox.pool.start_pair", start)
    sandbox = DockerSandbox(engine, settings)
    sandbox.start()
    try:
        assert sandbox.wait_until_warm(60)
    finally:
        sandbox.close()
    assert "can't start new thread" in caplog.text


def test_a_grading_waits_for_the_pair_that_is_being_started(engine: Engine, settings: SandboxSettings) -> None:
    sandbox = DockerSandbox(engine, settings)
    sandbox.start()
    try:
        while sandbox._starting is None:
            time.sleep(0.001)
        assert Run(sandbox)(ONE_TEST).warm is True
    finally:
        sandbox.close()


def test_no_pair_is_started_while_a_grading_runs_and_one_is_afterwards(
    engine: Engine, settings: SandboxSettings
) -> None:
    sandbox = DockerSandbox(engine, settings)
    sandbox.start()
    seen: list[bool] = []
    try:
        assert sandbox.wait_until_warm(60)
        suite = "import time\ndef test_waits(client): time.sleep(1)\n" + ONE_TEST
        Run(sandbox)(
            suite, observe=lambda kind, data: seen.append(sandbox._starting is not None or bool(sandbox._warm[()]))
        )
        assert seen
        assert not any(seen)
        assert sandbox.wait_until_warm(60)
    finally:
        sandbox.close()


def test_used_pairs_are_destroyed_while_gradings_go_on_without_a_pause(
    engine: Engine, settings: SandboxSettings
) -> None:
    sandbox = DockerSandbox(engine, settings)
    sandbox.start()
    left: list[int] = []

    def grade() -> None:
        for _ in range(5):
            Run(sandbox)(ONE_TEST, observe=lambda kind, data: left.append(len(sandbox._used)))

    threads = [threading.Thread(target=grade) for _ in range(2)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert max(left) < 6, "of ten"
    finally:
        sandbox.close()


def test_containers_of_a_killed_owner_end_by_themselves_and_are_reaped(
    engine: Engine, settings: SandboxSettings
) -> None:
    script = textwrap.dedent(f"""
        import time
        from runner.limits import Limits
        from runner.sandbox.engine import Engine
        from runner.sandbox.starting import start_pair
        from runner.sandbox.settings import SandboxSettings
        pair = start_pair(Engine(60.0), {settings!r}, Limits())
        print(*pair.container_ids, flush=True)
        time.sleep(600)
    """)
    owner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    containers = owner.stdout.readline().split()
    assert len(containers) == 2
    assert not set(containers) & set(reap(engine)), "a living owner's containers are left alone"
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    deadline = time.monotonic() + 30
    while any(engine.state(identity).get("Running") for identity in containers):
        assert time.monotonic() < deadline, "the containers went on without their owner"
        time.sleep(0.1)
    reap(engine)
    assert all(engine.state(identity) == {} for identity in containers)
    owner.stdout.close()


def test_who_may_be_reaped_is_decided_by_owner_end_and_expiry() -> None:
    here, now = machine_identity(), 1_000_000.0

    def listed(host: str, *, state: str = "running", expires: float = now + 60, created: float = now - 30) -> dict:
        labels = {"org.mendbox.host": host, "org.mendbox.owner": "1:1", "org.mendbox.expires": str(int(expires))}
        return {"Labels": labels, "State": state, "Created": created}

    def judged(container: dict, lives: bool, ended_for: float | None = None) -> bool:
        ended_at = None if ended_for is None else now - ended_for
        return is_abandoned(container, machine=here, now=now, owner_lives=lives, ended_at=ended_at)

    assert judged(listed(here), False)
    assert not judged(listed(here, expires=now - 1), True), "a living owner's limits may be longer than its labels say"
    assert not judged(listed(here, state="exited"), True, ended_for=5)
    assert judged(listed(here, state="exited"), True, ended_for=30), "the engine was down when its owner removed it"
    assert not judged(listed(here, state="created"), True)
    assert judged(listed(here, state="created", created=now - 300), True), "the engine went down while it was made"
    assert not judged(listed("elsewhere"), False), "another machine's process ids say nothing here"
    assert judged(listed("elsewhere", state="exited"), False, ended_for=30)
    assert not judged(listed("elsewhere", state="exited"), False, ended_for=5)
    assert judged(listed("elsewhere", expires=now - 1), False)


def test_a_container_that_ended_some_time_ago_is_reaped_though_its_owner_lives(
    engine: Engine, settings: SandboxSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = start_pair(engine, settings, Limits())
    app, grader = pair.container_ids
    listed = engine.pairs
    monkeypatch.setattr(engine, "pairs", lambda: [each for each in listed() if each["Id"] in (app, grader)])
    try:
        pair._app.stream.close()
        engine.wait_ended(app, 20)
        assert app not in reap(engine), "its owner may still ask how it ended"
        monkeypatch.setattr(reaper, "ENDED_FOR_S", -1.0)
        removed = reap(engine)
        assert app in removed
        assert grader not in removed
    finally:
        pair.destroy()


def test_an_app_whose_state_takes_long_to_tell_is_no_engine_that_stands_still(
    settings: SandboxSettings,
) -> None:
    """The engine locks a container while it puts its end in order; the others go on."""
    locked: set[str] = set()

    class Locked(Engine):
        def state(self, container_id: str) -> dict[str, object]:
            state = super().state(container_id)
            if container_id in locked:
                time.sleep(1.5)
            return state

    engine = Locked(60.0)
    pair = start_pair(engine, settings, Limits())
    locked.add(pair.container_ids[0])
    try:
        report = Run(PairOnly(pair))("import time\ndef test_waits(client): time.sleep(2.5)\n")
    finally:
        pair.destroy()
        engine.close()
    assert [test.status.value for test in report.tests] == ["passed"]


class PairOnly:
    """A sandbox of one pair."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self.environment: dict[str, object] = {}

    def run(self, work: Work, observe: Observer) -> RunReport:
        return self._pair.run(work, observe, warm=True)
