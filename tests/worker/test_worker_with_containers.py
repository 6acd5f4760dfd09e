"""A worker with its real sandbox: what it leaves behind when it ends, however it ends."""

from __future__ import annotations

import signal

import pytest

from runner.grading.models import Verdict
from runner.sandbox.engine import Engine
from store.states import GradingState
from tests.worker.conftest import World, kill, wait_for
from tests.worker.sample import FIXED_APP
from worker.sandboxes import DOCKER

#: Answers so late that there is time to kill the worker meanwhile.
SLOW_APP = FIXED_APP.replace("from flask", "import time\nfrom flask").replace(
    'return "', 'time.sleep(2)\n        return "'
)


@pytest.fixture
def engine() -> Engine:
    return Engine()


def owned_by(engine: Engine, pid: int) -> list[str]:
    """Ids of the containers of that process."""
    return [
        container["Id"]
        for container in engine.pairs()
        if container["Labels"].get("org.mendbox.owner", "").partition(":")[0] == str(pid)
    ]


def running_slot(world: World, grading: str) -> int:
    """Process id of the slot that runs the grading."""
    wait_for(lambda: world.state(grading) is GradingState.RUNNING, "no slot has taken it")
    return int((world.grading(grading).worker or "").split("-")[-2])


def test_a_slot_killed_in_mid_grading_loses_its_containers_and_another_slot_grades(
    world: World, engine: Engine
) -> None:
    supervisor = world.supervisor("--slots", "2", "--sandbox", DOCKER)
    world.finished(world.submit())
    grading = world.submit_files({"app.py": SLOW_APP.encode()})
    victim = running_slot(world, grading)
    wait_for(lambda: owned_by(engine, victim), "the slot has no containers")
    kill(victim)
    (record,) = world.finished(grading)
    assert (record.state, record.verdict, record.tries) == (GradingState.GRADED, Verdict.SOLVED, 2)
    wait_for(lambda: not owned_by(engine, victim), "the dead slot's containers are still there")
    other = int((record.worker or "").split("-")[-2])
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(60) == 0
    assert owned_by(engine, other) == []


def test_a_slot_told_to_stop_leaves_no_container(world: World, engine: Engine) -> None:
    slot = world.slot("--sandbox", DOCKER)
    world.finished(world.submit_files({"app.py": FIXED_APP.encode()}))
    slot.send_signal(signal.SIGTERM)
    assert slot.wait(60) == 0
    assert owned_by(engine, slot.pid) == []
