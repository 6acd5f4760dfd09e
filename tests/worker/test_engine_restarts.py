"""The container engine goes down, or hangs, with gradings queued and one in the middle: none is lost, none is wrong."""

from __future__ import annotations

import contextlib
import dataclasses
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from runner.errors import SandboxUnavailable
from runner.grading.models import Verdict
from runner.limits import Limits
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.settings import SandboxSettings
from store.states import GradingState
from tests.support.engines import PrivateEngine, private_engine  # noqa: F401 -- a fixture
from tests.support.sandboxes import Run
from tests.worker.conftest import World, wait_for
from tests.worker.sample import FIXED_APP
from worker.sandboxes import DOCKER

#: Answers late, within the time that a request may take, and later than progress is stored.
SLOW_APP = FIXED_APP.replace("from flask", "import time\nfrom flask").replace(
    'return "', 'time.sleep(5)\n        return "'
)


@pytest.fixture
def engine(private_engine: PrivateEngine) -> Iterator[PrivateEngine]:  # noqa: F811
    yield private_engine
    private_engine.ensure_running()


@pytest.fixture
def here(world: World, engine: PrivateEngine) -> World:
    """The worker's surroundings with that engine, and with little patience for it."""
    environ = {
        **world.environ,
        "DOCKER_HOST": engine.host,
        "MENDBOX_IMAGE": engine.image,
        "MENDBOX_DOCKER_TIMEOUT_S": "4",
    }
    return dataclasses.replace(world, environ=environ)


def supervisor(here: World) -> subprocess.Popen[bytes]:
    """Two warm slots."""
    process = here.supervisor("--slots", "2", "--sandbox", DOCKER)
    here.finished(here.submit(), here.submit())
    return process


def in_the_middle(here: World, queued: int) -> tuple[str, list[str]]:
    """A grading whose app is at work on a request, and others behind it."""
    slow = here.submit_files({"app.py": SLOW_APP.encode()})
    others = [here.submit_files({"app.py": FIXED_APP.encode()}) for _ in range(queued)]
    wait_for(lambda: "collected" in [event.kind for event in here.store.events.since(slow)], "no slot has taken it")
    return slow, others


def stopped(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(60)


@pytest.mark.parametrize("way", ["terminate", "kill"])
def test_an_engine_restarted_in_mid_grading_loses_no_grading_and_costs_none_a_try(
    here: World, engine: PrivateEngine, way: str
) -> None:
    worker = supervisor(here)
    slow, others = in_the_middle(here, 6)
    getattr(engine, way)()
    time.sleep(1.5)
    assert here.store.backlog.counts()[GradingState.ERROR] == 0
    engine.start()
    records = here.finished(slow, *others)
    assert [(record.state, record.verdict) for record in records] == [(GradingState.GRADED, Verdict.SOLVED)] * 7
    assert [record.tries for record in records] == [1] * 7
    assert here.deeds(slow) == {"grading.claim": 2, "grading.give_back": 1, "grading.grade": 1}
    for grading in others:
        assert here.deeds(grading)["grading.grade"] == 1
    assert stopped(worker) == 0
    assert engine.containers() == []


def test_a_wedged_engine_is_no_grade_and_is_said_and_gradings_go_on_when_it_answers_again(
    here: World, engine: PrivateEngine, capfd: pytest.CaptureFixture[str]
) -> None:
    worker = supervisor(here)
    slow, others = in_the_middle(here, 4)
    engine.wedge()
    wait_for(lambda: here.state(slow) is GradingState.QUEUED, "a wedged engine goes unseen")
    wait_for(lambda: here.store.backlog.counts()[GradingState.RUNNING] == 0, "a slot holds on to its grading")
    assert here.store.backlog.counts()[GradingState.ERROR] == 0
    assert here.grading(slow).tries == 0
    engine.unwedge()
    records = here.finished(slow, *others)
    assert [(record.state, record.verdict) for record in records] == [(GradingState.GRADED, Verdict.SOLVED)] * 5
    assert [record.tries for record in records] == [1] * 5
    assert stopped(worker) == 0
    assert engine.containers() == []
    assert "the container engine does not answer" in capfd.readouterr().err


def test_an_engine_that_stood_still_for_some_seconds_is_no_app_that_hangs(engine: PrivateEngine) -> None:
    def stand_still(kind: str, data: Mapping[str, Any]) -> None:
        if kind == "collected":
            engine.wedge()
            timer.start()

    timer = threading.Timer(4.0, engine.unwedge)
    with contextlib.closing(engine.connect()) as connection:
        sandbox = DockerSandbox(connection, SandboxSettings(image=engine.image, warm_pairs=0))
        run = Run(sandbox, Limits(request_s=2.0, test_s=8.0, app_start_s=30.0))
        suite = "def test_it(client): assert client.get('/users/1').status_code == 200"
        with contextlib.closing(sandbox), pytest.raises(SandboxUnavailable, match="stood still in mid-grading"):
            run(suite, observe=stand_still)
    timer.join()
    assert engine.containers() == []
