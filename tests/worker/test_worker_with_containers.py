"""A worker with its real sandbox: what it leaves behind when it ends, however it ends."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from runner.grading.models import Verdict
from runner.grading.report import Outcome, TestStatus
from runner.packages.loader import load_package
from runner.sandbox.engine import Engine
from store.states import GradingState
from tests.worker.conftest import World, kill, wait_for
from tests.worker.sample import FIX, FIXED_APP, GUARD, SLUG
from tests.worker.test_visible import drafted, ended, said
from worker.sandboxes import DOCKER

#: Together they take two cores about a minute and a half, nearly all of it to start and end the containers.
AT_ONCE = 200
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


def test_visible_tests_run_in_a_container_that_goes_with_a_killed_slot(world: World, engine: Engine) -> None:
    def containers() -> dict[int, str]:
        """Owners of the containers in which visible tests run, and their ids."""
        return {
            int(each["Labels"]["org.mendbox.owner"].partition(":")[0]): str(each["Id"])
            for each in engine.pairs()
            if str(each["Command"]).endswith(" visible")
        }

    others = containers()
    world.supervisor("--slots", "1", "--sandbox", DOCKER)
    test = "import time\n\n\ndef test_it():\n    time.sleep({})\n"
    run = drafted(world, {"test_mine.py": test.format(0)})
    world.queue.enqueue_visible(run.id)
    assert ended(world, run)["end"] == "passed"
    assert "test_mine.py::test_it PASSED" in said(world, run)[1][1]["text"]
    run = drafted(world, {"test_mine.py": test.format(300)})
    world.queue.enqueue_visible(run.id)
    wait_for(lambda: "test_mine.py::test_it" in str(said(world, run)), "the test does not begin")
    ((victim, container),) = set(containers().items()) - set(others.items())
    kill(victim)
    wait_for(lambda: container not in containers().values(), "the dead slot's container is still there")
    assert [kind for kind, _ in said(world, run) if kind == "ended"] == []


def test_two_hundred_at_once_are_each_graded_once_as_they_deserve_and_leave_no_container(
    world: World, engine: Engine
) -> None:
    kinds: list[tuple[dict[str, bytes], int, Verdict, Outcome]] = [
        ({"app.py": FIXED_APP.encode()}, 100, Verdict.SOLVED, Outcome.COMPLETED),
        ({}, 0, Verdict.UNSOLVED, Outcome.COMPLETED),
        ({"app.py": FIXED_APP.replace("it works", "it does").encode()}, 100, Verdict.SOLVED, Outcome.COMPLETED),
        ({"app.py": b"raise RuntimeError('no')\n"}, 0, Verdict.REGRESSED, Outcome.CRASHED),
    ]
    expected = {world.submit_files(files, enqueue=False): tuple(grade) for files, *grade in kinds * (AT_ONCE // 4)}
    for grading in expected:
        world.queue.enqueue(grading)
    supervisor = world.supervisor("--slots", "2", "--sandbox", DOCKER)
    records = world.finished(*expected)
    assert {record.id: (record.score, record.verdict, record.outcome) for record in records} == expected
    deeds = {grading: world.deeds(grading) for grading in expected}
    assert deeds == {grading: {"grading.claim": 1, "grading.grade": 1} for grading in expected}
    assert world.store.backlog.counts() == {**dict.fromkeys(GradingState, 0), GradingState.GRADED: AT_ONCE}
    assert world.queue.depth() == {"interactive": 0, "regrade": 0}
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(60) == 0
    slots = {int((record.worker or "").split("-")[-2]) for record in records}
    assert len(slots) == 2
    assert [container for slot in slots for container in owned_by(engine, slot)] == []


def test_a_grading_is_stored_whole_in_postgresql(world_on_postgres: World) -> None:
    world = world_on_postgres
    supervisor = world.supervisor("--slots", "1", "--sandbox", DOCKER)
    fixed = world.submit_files({"app.py": FIXED_APP.encode()})
    crashing = world.submit_files({"app.py": b"print('here')\nraise RuntimeError('no')\n"})
    records = world.finished(fixed, crashing)
    assert [(record.state, record.score, record.tries) for record in records] == [
        (GradingState.GRADED, 100, 1),
        (GradingState.GRADED, 0, 1),
    ]
    grade = world.store.gradings.grade(fixed)
    assert grade is not None
    assert {test.id: test.status for test in grade.tests} == {FIX: TestStatus.PASSED, GUARD: TestStatus.PASSED}
    assert grade.receipt.submission_digest == grade.submission.digest
    crash = world.store.gradings.grade(crashing)
    assert crash is not None
    assert (crash.outcome, crash.verdict) == (Outcome.CRASHED, Verdict.REGRESSED)
    assert world.deeds(fixed) == {"grading.claim": 1, "grading.grade": 1}
    events = [event.kind for event in world.store.events.since(fixed)]
    assert events.count("state") == 3
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(60) == 0


def test_a_slot_told_to_stop_leaves_no_container(world: World, engine: Engine) -> None:
    slot = world.slot("--sandbox", DOCKER)
    world.finished(world.submit_files({"app.py": FIXED_APP.encode()}))
    slot.send_signal(signal.SIGTERM)
    assert slot.wait(60) == 0
    assert owned_by(engine, slot.pid) == []


def test_what_apps_answer_is_kept_of_the_submission_and_of_the_starter(world: World) -> None:
    supervisor = world.supervisor("--slots", "1", "--sandbox", DOCKER)
    grading = world.submit_files({"app.py": FIXED_APP.encode()})
    world.finished(grading)
    digest = load_package(Path(world.settings.challenges) / SLUG).digest
    wait_for(lambda: world.store.exchanges.of_starter(digest) is not None, "the starter was not run")
    before, after = world.store.exchanges.of_starter(digest), world.store.exchanges.of_grading(grading)
    assert before is not None
    assert (before[FIX].status, after[FIX].status, after[FIX].answer) == ("404 NOT FOUND", "200 OK", "it works")
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(60) == 0
