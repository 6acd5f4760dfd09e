"""Slots and supervisors as processes: what they do when something dies, stops or comes back."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from store.records import Priority
from store.states import GradingState
from tests.worker.conftest import World, kill, wait_for
from worker.reconciler import reconcile


def test_a_slot_grades_what_is_queued_and_interactive_before_regrade(world: World) -> None:
    first = world.submit()
    world.slot()
    world.finished(first)
    gate = world.gate("busy")
    busy = world.submit({"gate": str(gate)})
    wait_for(lambda: world.started(gate), "the slot has not taken the first")
    regrade = world.store.gradings.regrade(world.grading(first).submission_id, priority=Priority.REGRADE)
    world.queue.enqueue(regrade.id, regrade.priority)
    interactive = world.submit()
    gate.touch()
    _, after, before = world.finished(busy, regrade.id, interactive)
    assert before.started_at is not None
    assert after.started_at is not None
    assert before.started_at < after.started_at


def test_jobs_queued_before_a_restart_of_redis_are_graded_by_the_slot_that_was_there(world: World) -> None:
    gate = world.gate("busy")
    busy = world.submit({"gate": str(gate)})
    slot = world.slot()
    wait_for(lambda: world.started(gate), "the slot has not taken the first")
    waiting = [world.submit() for _ in range(5)]
    world.server.kill()
    world.server.start()
    gate.touch()
    world.finished(busy, *waiting)
    assert slot.poll() is None
    assert {world.grading(one).worker for one in waiting} == {world.grading(busy).worker}


def test_a_slot_that_is_idle_while_redis_restarts_takes_gradings_afterwards(world: World) -> None:
    slot = world.slot()
    world.finished(world.submit())
    world.server.stop()
    time.sleep(0.5)
    world.server.start()
    world.finished(world.submit())
    assert slot.poll() is None


def test_an_idle_slot_stops_when_told_and_its_queue_stays(world: World) -> None:
    slot = world.slot()
    world.finished(world.submit())
    slot.send_signal(signal.SIGTERM)
    assert slot.wait(20) == 0
    waiting = world.submit()
    assert list(world.queue.queued()) == [waiting]


def test_a_slot_told_to_stop_finishes_its_grading_and_takes_no_other(world: World) -> None:
    gate = world.gate("last")
    last, next_one = world.submit({"gate": str(gate)}), world.submit()
    slot = world.slot()
    wait_for(lambda: world.started(gate), "the slot has not taken the first")
    slot.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    gate.touch()
    assert slot.wait(20) == 0
    assert world.state(last) is GradingState.GRADED
    assert world.state(next_one) is GradingState.QUEUED


def test_a_grading_longer_than_the_grace_time_is_given_back_uncounted_and_queued(world: World) -> None:
    gate = world.gate("never")
    grading = world.submit({"gate": str(gate)})
    slot = world.slot("--grace-s", "0.3")
    wait_for(lambda: world.started(gate), "the slot has not taken it")
    slot.send_signal(signal.SIGTERM)
    assert slot.wait(20) == 0
    assert (world.state(grading), world.grading(grading).tries) == (GradingState.QUEUED, 0)
    assert list(world.queue.queued()) == [grading]


def test_a_second_signal_gives_back_at_once(world: World) -> None:
    gate = world.gate("never")
    grading = world.submit({"gate": str(gate)})
    slot = world.slot("--grace-s", "600")
    wait_for(lambda: world.started(gate), "the slot has not taken it")
    slot.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert slot.poll() is None
    slot.send_signal(signal.SIGINT)
    assert slot.wait(20) == 0
    assert world.state(grading) is GradingState.QUEUED


def test_a_slot_stops_when_the_pipe_from_its_parent_closes(world: World) -> None:
    slot = world.slot("--watch-stdin")
    world.finished(world.submit())
    assert slot.stdin is not None
    slot.stdin.close()
    assert slot.wait(20) == 0


def test_the_grading_of_a_slot_killed_in_the_middle_is_graded_by_another(world: World) -> None:
    gate = world.gate("murder")
    grading = world.submit({"gate": str(gate)})
    world.supervisor("--slots", "2")
    first = wait_for(lambda: world.started(gate), "no slot has taken it")[0]
    kill(first)
    wait_for(lambda: len(world.started(gate)) > 1, "no other slot has taken it over")
    gate.touch()
    (record,) = world.finished(grading)
    assert (record.state, record.tries) == (GradingState.GRADED, 2)
    assert world.started(gate)[1] != first


def test_a_supervisor_starts_another_slot_for_one_that_died(world: World) -> None:
    gate = world.gate("only")
    grading = world.submit({"gate": str(gate)})
    world.supervisor("--slots", "1")
    kill(wait_for(lambda: world.started(gate), "the slot has not taken it")[0])
    gate.touch()
    world.finished(grading, world.submit())


def test_a_supervisor_told_to_stop_stops_its_slots_and_ends(world: World) -> None:
    supervisor = world.supervisor("--slots", "2")
    gate = world.gate("only")
    grading = world.submit({"gate": str(gate)})
    slot = wait_for(lambda: world.started(gate), "no slot has taken it")[0]
    supervisor.send_signal(signal.SIGTERM)
    gate.touch()
    assert supervisor.wait(30) == 0
    assert world.state(grading) is GradingState.GRADED
    assert not Path(f"/proc/{slot}").exists()


def test_slots_end_when_their_supervisor_is_killed(world: World) -> None:
    supervisor = world.supervisor("--slots", "1")
    gate = world.gate("only")
    gate.touch()
    world.finished(world.submit({"gate": str(gate)}))
    (slot,) = world.started(gate)
    supervisor.kill()
    wait_for(lambda: not _runs(slot), "the slot lives on")


def test_a_row_that_was_never_queued_is_queued_and_graded(world: World) -> None:
    grading = world.submit(enqueue=False)
    world.supervisor("--slots", "1")
    world.finished(grading)


def test_everything_is_graded_when_redis_forgets_all(world: World) -> None:
    gradings = [world.submit() for _ in range(5)]
    world.server.stop()
    for path in sorted((world.folder / "valkey-home" / "redis").rglob("*"), reverse=True):
        if path.is_file() and path.name != "lock":
            path.unlink()
    world.server.start()
    world.supervisor("--slots", "1")
    assert [record.tries for record in world.finished(*gradings)] == [1] * 5


def test_gradings_wait_while_the_engine_is_down_and_go_on_when_it_is_back(world: World) -> None:
    down = Path(world.environ["SCRIPTED_SANDBOX_DOWN"])
    world.supervisor("--slots", "2")
    world.finished(world.submit())
    down.touch()
    gradings = [world.submit() for _ in range(10)]
    time.sleep(2.0)
    assert all(world.state(one) is GradingState.QUEUED for one in gradings)
    down.unlink()
    assert all(record.state is GradingState.GRADED for record in world.finished(*gradings))


def test_two_hundred_at_once_are_each_graded_once(world: World) -> None:
    gradings = [world.submit(enqueue=False) for _ in range(200)]
    world.supervisor("--slots", "2")
    for grading in gradings:
        world.queue.enqueue(grading)
    records = world.finished(*gradings)
    assert [(record.state, record.tries, record.score) for record in records] == [(GradingState.GRADED, 1, 100)] * 200
    counts = world.store.backlog.counts()
    assert counts[GradingState.GRADED] == 200
    assert world.queue.depth() == {"interactive": 0, "regrade": 0}


def test_a_supervisor_without_a_queue_says_what_to_set(world: World) -> None:
    assert world.supervisor(MENDBOX_REDIS_URL="").wait(20) == 2


def test_what_is_in_the_queue_is_not_queued_again(world: World) -> None:
    queued, lost = world.submit(), world.submit(enqueue=False)
    assert reconcile(world.store, world.queue, young_s=0.0) == 1
    assert world.queue.depth()["interactive"] == 2
    assert set(world.queue.queued()) == {queued, lost}
    assert reconcile(world.store, world.queue, young_s=0.0) == 0


def test_a_row_just_stored_is_left_to_whoever_stores_it(world: World) -> None:
    world.submit(enqueue=False)
    assert reconcile(world.store, world.queue) == 0


def _runs(process_id: int) -> bool:
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
