"""One grading, from its id to its record, in the test's own process."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.errors import ChallengeUnsuited, Problem
from runner.grading.models import Verdict
from runner.grading.report import Observer, Outcome, RunReport, Work
from runner.packages.loader import load_package
from runner.packages.rewording import package_of
from runner.packages.variant import variant_named
from runner.submissions.model import Submission
from store.errors import StoreUnavailable
from store.events import NewEvents
from store.progress import GradingProgress
from store.queue import JOB, connect, queue_names
from store.records import Claim, Origin, SourceKind
from store.states import ClaimPolicy, GradingState
from tests.support.scripted_sandbox import ScriptedSandbox
from tests.worker.conftest import ROOT, WAIT_S, World, wait_for
from tests.worker.sample import FIX, GUARD, SLUG
from worker import run
from worker.context import current, set_context
from worker.gate import Gate
from worker.hold import Hold
from worker.jobs import grade
from worker.rq_worker import SlotWorker
from worker.run import run_grading
from worker.telling import Telling


def test_a_queued_grading_is_graded_and_recorded(world: World) -> None:
    grading = world.submit()
    run_grading(world.context(), grading)
    record = world.grading(grading)
    assert (record.state, record.score, record.verdict) == (GradingState.GRADED, 100, Verdict.SOLVED)
    stored = world.store.gradings.grade(grading)
    assert stored is not None
    assert [test.id for test in stored.tests] == [FIX, GUARD]
    assert stored.receipt.seed == record.seed
    assert stored.timing.queued_s > 0


def test_two_jobs_for_one_grading_give_one_grade(world: World) -> None:
    grading = world.submit()
    sandbox = ScriptedSandbox()
    for _ in range(2):
        run_grading(world.context(sandbox), grading)
    assert sandbox.runs == 1
    assert world.grading(grading).tries == 1


def test_of_two_jobs_at_the_same_time_one_runs(world: World) -> None:
    gate = world.gate("both")
    grading = world.submit({"gate": str(gate)})
    sandbox = ScriptedSandbox()
    first = threading.Thread(target=run_grading, args=(world.context(sandbox), grading))
    first.start()
    wait_for(lambda: world.started(gate), "the first job has not started")
    run_grading(world.context(sandbox), grading)
    gate.touch()
    first.join()
    assert sandbox.runs == 1
    assert world.state(grading) is GradingState.GRADED


@pytest.mark.parametrize("outcome", ["timed_out", "out_of_memory", "crashed"])
def test_however_the_candidates_app_ends_it_is_graded_at_the_first_try(world: World, outcome: str) -> None:
    grading = world.submit({"outcome": outcome, "statuses": {FIX: "error", GUARD: "not_run"}})
    run_grading(world.context(), grading)
    record = world.grading(grading)
    assert (record.state, record.tries, record.outcome) == (GradingState.GRADED, 1, Outcome(outcome))
    assert record.score == 0


def test_a_platform_fault_is_tried_again_and_then_graded(world: World) -> None:
    gate = world.gate("flaky")
    gate.touch()
    grading = world.submit({"fault": "GraderFault", "fault_times": 1, "gate": str(gate)})
    run_grading(world.context(), grading)
    assert world.state(grading) is GradingState.QUEUED
    run_grading(world.context(), grading)
    assert (world.state(grading), world.grading(grading).tries) == (GradingState.GRADED, 2)


def test_a_platform_fault_in_every_try_becomes_an_error_with_its_message_and_no_grade(world: World) -> None:
    grading = world.submit({"fault": "GraderFault", "fault_message": "the grader lost its way"})
    sandbox = ScriptedSandbox()
    for _ in range(world.settings.tries + 2):
        run_grading(world.context(sandbox), grading)
    record = world.grading(grading)
    assert (record.state, sandbox.runs) == (GradingState.ERROR, world.settings.tries)
    assert record.error_message is not None
    assert "the grader lost its way" in record.error_message
    assert world.store.gradings.grade(grading) is None


def test_a_fault_in_our_own_code_is_tried_again_and_never_a_grade(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    grading = world.submit()
    sandbox = ScriptedSandbox()
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "run", lambda work, observe: 1 / 0)
        run_grading(world.context(sandbox), grading)
    assert world.state(grading) is GradingState.QUEUED
    assert "ZeroDivisionError" in (world.grading(grading).error_message or "")
    run_grading(world.context(sandbox), grading)
    assert world.state(grading) is GradingState.GRADED


def test_while_the_engine_is_down_tries_do_not_count_and_the_gate_shuts(world: World) -> None:
    grading = world.submit()
    down = ScriptedSandbox()
    flag = Path(world.environ["SCRIPTED_SANDBOX_DOWN"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCRIPTED_SANDBOX_DOWN", str(flag))
        flag.touch()
        context = world.context(down)
        set_context(context)
        for _ in range(world.settings.tries + 2):
            grade(grading)
        assert (world.state(grading), world.grading(grading).tries) == (GradingState.QUEUED, 0)
        assert not context.gate.passes()
        flag.unlink()
        assert context.gate.passes()
        grade(grading)
    assert world.state(grading) is GradingState.GRADED


def test_one_sandbox_fault_with_the_engine_up_counts_as_a_try(world: World) -> None:
    grading = world.submit({"fault": "SandboxUnavailable"})
    run_grading(world.context(), grading)
    assert (world.state(grading), world.grading(grading).tries) == (GradingState.QUEUED, 1)


def write_another(world: World) -> None:
    shutil.copytree(world.settings.challenges / SLUG, world.settings.challenges / "another")


def test_a_grading_whose_package_this_worker_lacks_is_left_to_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    write_another(world)
    grading = world.submit()
    elsewhere = world.folder / "elsewhere"
    (world.settings.challenges / SLUG).rename(elsewhere)
    context = world.context()
    for _ in range(world.settings.tries + 2):
        run_grading(context, grading)
    record = world.grading(grading)
    assert (record.state, record.tries) == (GradingState.QUEUED, 0)
    assert len([line for line in caplog.messages if f"{SLUG} must wait" in line]) == 1
    elsewhere.rename(world.settings.challenges / SLUG)
    run_grading(context, grading)
    assert world.state(grading) is GradingState.GRADED


def test_a_challenge_may_be_missing_for_as_long_however_long_the_grading_stood_in_the_queue(world: World) -> None:
    write_another(world)
    grading = world.submit()
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE gradings SET queued_at = '2026-01-01 00:00:00.000000'")
    (world.settings.challenges / SLUG / "challenge.toml").unlink()
    context = world.context(challenge_wait_s=1.0)
    run_grading(context, grading)
    assert (world.state(grading), world.grading(grading).tries) == (GradingState.QUEUED, 0)
    threading.Event().wait(1.1)
    run_grading(context, grading)
    assert world.state(grading) is GradingState.ERROR


def test_challenges_that_can_not_be_read_cost_no_try_and_shut_the_gate(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    grading = world.submit()
    context = world.context()
    set_context(context)

    def fail(*_: object) -> Iterator[Path]:
        raise OSError(errno.ESTALE, "Stale file handle")

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", fail)
        patch.setattr(Path, "iterdir", fail)
        for _ in range(world.settings.tries + 2):
            grade(grading)
        assert (world.state(grading), world.grading(grading).tries) == (GradingState.QUEUED, 0)
        assert not context.gate.passes()
    assert context.gate.passes()
    grade(grading)
    assert world.state(grading) is GradingState.GRADED


def test_a_package_that_is_being_replaced_costs_no_try(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    grading = world.submit()
    context = world.context()

    def vanish(*_: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "hidden")

    with monkeypatch.context() as patch:
        patch.setattr("worker.packages.fingerprint_of", vanish)
        run_grading(context, grading)
    assert (world.state(grading), world.grading(grading).tries) == (GradingState.QUEUED, 0)
    run_grading(context, grading)
    assert world.state(grading) is GradingState.GRADED


def test_a_grading_whose_package_is_gone_for_long_is_an_error_that_names_it(world: World) -> None:
    write_another(world)
    grading = world.submit()
    (world.settings.challenges / SLUG / "challenge.toml").unlink()
    run_grading(world.context(challenge_wait_s=0.0), grading)
    record = world.grading(grading)
    assert record.state is GradingState.ERROR
    assert SLUG in (record.error_message or "")


def test_a_package_that_stays_invalid_is_an_error_that_says_what_is_wrong(world: World) -> None:
    grading = world.submit()
    manifest = world.settings.challenges / SLUG / "challenge.toml"
    good = manifest.read_text()
    manifest.write_text(good + "colour = 1\n")
    run_grading(world.context(), grading)
    assert (world.state(grading), world.grading(grading).tries) == (GradingState.QUEUED, 0)
    run_grading(world.context(challenge_wait_s=0.0), grading)
    record = world.grading(grading)
    assert record.state is GradingState.ERROR
    assert "colour" in (record.error_message or "")


def test_without_any_package_a_slot_takes_nothing_until_there_is_one(world: World) -> None:
    gradings = [world.submit(), world.submit()]
    elsewhere = world.folder / "elsewhere"
    world.settings.challenges.rename(elsewhere)
    context = world.context(challenge_wait_s=0.0)
    set_context(context)
    for grading in gradings:
        grade(grading)
    assert [(world.state(one), world.grading(one).tries) for one in gradings] == [(GradingState.QUEUED, 0)] * 2
    assert not context.gate.passes()
    elsewhere.rename(world.settings.challenges)
    assert context.gate.passes()
    for grading in gradings:
        grade(grading)
    assert [world.state(one) for one in gradings] == [GradingState.GRADED] * 2


def test_a_package_is_read_once_and_again_when_it_changed(world: World) -> None:
    packages = world.context().packages
    first = packages.get(SLUG)
    assert packages.get(SLUG) is first
    brief = world.settings.challenges / SLUG / "brief.md"
    brief.write_text("R1: make it work, please.\n")
    assert packages.get(SLUG).brief == brief.read_text()


def test_a_submission_is_graded_as_the_variant_it_is_for(world: World) -> None:
    manifest = world.settings.challenges / SLUG / "challenge.toml"
    said = '[[variations]]\nname = "app"\nvalues = [["create_app"], ["make_app"]]\n'
    manifest.write_text(f"{manifest.read_text()}\n{said}")
    package = load_package(world.settings.challenges / SLUG)
    other = package_of(package, variant_named("app=1", package.manifest))
    assert b"def make_app" in other.starter["app.py"]
    for variant, graded in (("app=1", other), (None, package)):
        origin = Origin(SLUG, graded.digest, SourceKind.API, variant=variant)
        _, grading = world.store.submissions.add(Submission({}), origin)
        run_grading(world.context(), grading.id)
        stored = world.store.gradings.grade(grading.id)
        assert stored is not None
        assert (stored.challenge.variant, stored.challenge.digest) == (variant or "base", graded.digest)
        assert (stored.receipt.variant, stored.receipt.challenge_digest) == (variant or "base", graded.digest)


def test_a_variant_that_the_challenge_has_no_more_waits_and_then_is_an_error(world: World) -> None:
    package = load_package(world.settings.challenges / SLUG)
    origin = Origin(SLUG, package.digest, SourceKind.API, variant="app=1")
    _, grading = world.store.submissions.add(Submission({}), origin)
    run_grading(world.context(), grading.id)
    assert (world.state(grading.id), world.grading(grading.id).tries) == (GradingState.QUEUED, 0)
    run_grading(world.context(challenge_wait_s=0.0), grading.id)
    assert world.state(grading.id) is GradingState.ERROR
    assert "has no variant app=1 any more" in (world.grading(grading.id).error_message or "")


def test_heartbeats_keep_a_long_grading_from_others_and_store_its_progress(world: World) -> None:
    gate = world.gate("long")
    grading = world.submit({"gate": str(gate)})
    job = threading.Thread(target=run_grading, args=(world.context(), grading))
    job.start()
    wait_for(lambda: world.started(gate), "the job has not started")
    lease_s = world.settings.lease_s
    held = threading.Event()
    assert not held.wait(lease_s * 1.5)
    assert world.store.backlog.lost(queued_for_s=0.0) == []
    gate.touch()
    job.join()
    assert world.state(grading) is GradingState.GRADED


def test_a_worker_that_lost_its_claim_records_nothing(world: World) -> None:
    gate = world.gate("late")
    grading = world.submit({"gate": str(gate)})
    late = threading.Thread(target=run_grading, args=(world.context(), grading))
    late.start()
    wait_for(lambda: world.started(gate), "the job has not started")
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE gradings SET claim_token = 'another', worker = 'another'")
    gate.touch()
    late.join()
    assert (world.state(grading), world.grading(grading).worker) == (GradingState.RUNNING, "another")


def test_progress_tells_each_test_and_the_end(world: World) -> None:
    grading = world.submit()
    run_grading(world.context(), grading)
    events = world.progress.read(grading)
    assert [event.kind for event in events] == ["started", "collected", "test", "test", "graded"]
    place = {"run": 2, "part": 0, "n": 1}
    assert events[2].data == {"id": FIX, "status": "passed", "duration_s": 0.001, "requirement": "R1", **place}
    assert [event.kind for event in world.progress.read(grading, events[2].id)] == ["test", "graded"]
    assert world.progress.read(grading, events[-1].id, block_ms=50) == []


def test_progress_that_no_heartbeat_took_along_is_stored_with_the_grade(world: World) -> None:
    grading = world.submit()
    run_grading(world.context(), grading)
    stored = world.store.events.since(grading)
    assert [event.kind for event in stored] == ["state", "state", "collected", "test", "test", "state"]
    published = [event.data for event in world.progress.read(grading) if event.kind == "test"]
    assert [event.data for event in stored if event.kind == "test"] == published
    assert [event.seq for event in stored] == [1, 2, 3, 4, 5, 6]


def test_progress_that_a_heartbeat_could_not_store_is_stored_by_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    grading = world.submit()
    claim = world.store.claims.take(grading, "test-slot", ClaimPolicy(lease_s=0.3))
    assert claim is not None
    refused: list[int] = []
    append = world.store.events.append

    def refuse_once(claim: Claim, events: NewEvents) -> bool:
        if not refused:
            refused.append(len(events))
            raise StoreUnavailable("restarting")
        return append(claim, events)

    monkeypatch.setattr(world.store.events, "append", refuse_once)
    with Hold(world.store, claim, lambda: None) as hold:
        hold.note("collected", {"tests": 1})
        wait_for(lambda: len(world.store.events.since(grading)) == 3, "the next heartbeat stores nothing")
        assert hold.take_unstored() == []
    assert refused == [1]


def test_a_heartbeat_that_waits_for_ever_hides_no_stuck_grading(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    grading = world.submit()
    claim = world.store.claims.take(grading, "test-slot", ClaimPolicy(lease_s=0.3))
    assert claim is not None
    answered, stuck = threading.Event(), threading.Event()
    monkeypatch.setattr(world.store.claims, "heartbeat", lambda held: answered.wait(WAIT_S))
    with Hold(world.store, claim, stuck.set) as hold:
        hold.expect_end_within(0.0)
        assert stuck.wait(WAIT_S)
        answered.set()


def test_telling_of_progress_holds_up_no_grading(world: World) -> None:
    reached, go_on = threading.Event(), threading.Event()
    told: list[str] = []

    class Slow(GradingProgress):
        def publish(self, kind: str, data: Mapping[str, Any]) -> None:
            reached.set()
            go_on.wait(WAIT_S)
            told.append(kind)

    with Telling(Slow(None, "progress"), patience_s=0.0) as telling:
        telling.publish("started", {})
        assert reached.wait(WAIT_S)
        telling.publish("graded", {})
    assert told == []
    go_on.set()
    wait_for(lambda: told == ["started", "graded"], "the rest is not told")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_this_host_can_not_grade_is_left_to_others_where_there_are_some(world: World, elsewhere: bool) -> None:
    hosts = [socket.gethostname(), *(["another-host"] if elsewhere else [])]
    for host in hosts:
        SlotWorker(queue_names(world.settings), f"{host}-17-ab12", connect(world.server.url))._sign_in()
    grading = world.submit()

    class Unfit(ScriptedSandbox):
        def run(self, work: Work, observe: Observer) -> RunReport:
            raise ChallengeUnsuited(Problem("challenge.toml", "services", "this host has no image"), hint="")

    stopping = threading.Event()
    stopping.set()  # a rest is not waited for
    context = replace(world.context(Unfit(), reconcile_s=600.0), gate=Gate([], stopping))
    run_grading(context, grading)
    assert (world.state(grading), world.grading(grading).tries) == (GradingState.QUEUED, 0)
    assert context.gate.passes() is not elsewhere


def test_a_grading_goes_on_when_redis_is_gone(world: World, caplog: pytest.LogCaptureFixture) -> None:
    grading = world.submit()
    world.server.stop()
    run_grading(world.context(), grading)
    assert world.state(grading) is GradingState.GRADED
    assert len([record for record in caplog.records if "progress" in record.message]) == 1


def test_the_jobs_import_path_resolves_to_the_job() -> None:
    from rq.utils import import_attribute

    assert import_attribute(JOB) is grade


def test_a_process_that_only_enqueues_does_not_import_the_worker_or_the_engine() -> None:
    code = (
        "import sys, json, store.queue, store.progress, store.store;"
        "print(json.dumps([n for n in sys.modules if n.split('.')[0] in ('worker', 'docker', 'api')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert json.loads(done.stdout) == []


def test_a_job_outside_a_slot_says_where_it_belongs() -> None:
    with pytest.raises(RuntimeError, match=r"worker\.process"):
        current()


def test_a_grading_that_is_stuck_calls_for_the_end_of_its_slot(world: World) -> None:
    grading = world.submit()
    claim = world.store.claims.take(grading, "test-slot", ClaimPolicy(lease_s=0.1))
    assert claim is not None
    stuck = threading.Event()
    with Hold(world.store, claim, stuck.set) as hold:
        hold.expect_end_within(-1.0)
        assert stuck.wait(WAIT_S)
        assert hold.record_error("stuck")
    assert world.state(grading) is GradingState.QUEUED


def test_a_database_that_comes_back_costs_no_grade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "DATABASE_PAUSES_S", (0.0, 0.0))
    faults = [StoreUnavailable("restarting"), StoreUnavailable("restarting")]

    def call() -> bool:
        if faults:
            raise faults.pop()
        return True

    assert run.persist(call)


def test_a_database_that_stays_away_leaves_the_grading_to_its_lease(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "DATABASE_PAUSES_S", (0.0,))
    grading = world.submit()
    context = world.context()
    set_context(context)

    def refuse(*_: object) -> bool:
        raise StoreUnavailable("the database is gone")

    with monkeypatch.context() as patch:
        patch.setattr(world.store.claims, "record_grade", refuse)
        grade(grading)
    assert (world.state(grading), world.grading(grading).tries) == (GradingState.RUNNING, 1)
    wait_for(lambda: world.store.backlog.lost(queued_for_s=60.0), "the lease does not run out")
    grade(grading)
    assert world.state(grading) is GradingState.GRADED


def test_the_gate_asks_again_only_after_it_was_shut() -> None:
    asked: list[int] = []
    gate = Gate([lambda: asked.append(1)], threading.Event())
    assert gate.passes()
    assert asked == []
    gate.shut()
    assert gate.passes()
    assert gate.passes()
    assert asked == [1]
