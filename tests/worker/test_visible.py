"""Visible tests in a worker: what is run, what is told meanwhile, how it ends, and that no grading waits for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from runner.visible_run import VisibleEnd, VisibleReport, VisibleWork
from store.records import DraftChange, NewToken, Role
from store.states import GradingState
from store.visible_runs import RunGoesOn, VisibleRun
from tests.support.scripted_sandbox import ScriptedSandbox
from tests.worker.conftest import World, wait_for
from tests.worker.sample import SLUG
from worker.context import set_context
from worker.jobs import run_visible
from worker.visible import Passing

OWNER = "candidate ada"


def drafted(world: World, files: Mapping[str, str]) -> VisibleRun:
    """A run that waits, of a candidate who has written these files."""
    token = world.store.tokens.create(NewToken("ada", Role.CANDIDATE, (SLUG,))).record
    for path, text in files.items():
        world.store.drafts.save(token.id, SLUG, DraftChange(path, text, 0))
    return world.visible.begin(OWNER, token.id, SLUG, None)


def scripted(world: World, script: Mapping[str, Any]) -> VisibleRun:
    """The same with a script for the sandbox."""
    return drafted(world, {"script.json": json.dumps(script)})


def said(world: World, run: VisibleRun) -> list[tuple[str, Mapping[str, Any]]]:
    """What is told of it so far, pieces of output put together."""
    told: list[tuple[str, Mapping[str, Any]]] = []
    for event in world.visible.read(run.id):
        if event.kind == "output" and told and told[-1][0] == "output":
            told[-1] = ("output", {"text": told[-1][1]["text"] + event.data["text"]})
        else:
            told.append((event.kind, event.data))
    return told


def ended(world: World, run: VisibleRun) -> Mapping[str, Any]:
    """How it ended, once it has."""
    return wait_for(lambda: next((d for kind, d in said(world, run) if kind == "ended"), None), f"{run} does not end")


@pytest.fixture
def in_this_process(world: World) -> ScriptedSandbox:
    sandbox = ScriptedSandbox()
    set_context(world.context(sandbox))
    return sandbox


def test_what_runs_is_the_starter_with_the_draft(
    world: World, in_this_process: ScriptedSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    works: list[VisibleWork] = []

    def run(work: VisibleWork, *_: Any) -> VisibleReport:
        works.append(work)
        return VisibleReport(VisibleEnd.PASSED)

    monkeypatch.setattr(in_this_process, "run_visible", run)
    one = drafted(world, {"app.py": "x = 1\n", "new.py": "y = 2\n"})
    run_visible(one.id)
    (work,) = works
    # Neither the hidden suite nor the harness is there, nor any fix.
    assert work.tree == {"app.py": b"x = 1\n", "new.py": b"y = 2\n"}
    assert (work.wall_s, work.limits.request_s) == (60.0, 12)


def test_it_is_told_from_its_start_to_its_end_once(world: World, in_this_process: ScriptedSandbox) -> None:
    run = scripted(world, {"prints": ["\x1b[31mone\n", "two\n"], "visible": "failed"})
    run_visible(run.id)
    told = [
        ("started", {}),
        ("output", {"text": "one\ntwo\n"}),
        ("ended", {"end": "failed", "detail": ""}),
    ]
    assert said(world, run) == told
    # A job may come twice.
    run_visible(run.id)
    assert said(world, run) == told
    assert world.visible.begin(OWNER, "t", SLUG, None).id != run.id


@pytest.mark.parametrize("fault", ["SandboxUnavailable", "GraderFault"])
def test_a_fault_of_the_platform_is_told_as_one(world: World, in_this_process: ScriptedSandbox, fault: str) -> None:
    run = scripted(world, {"prints": ["one\n"], "fault": fault})
    run_visible(run.id)
    assert said(world, run)[-1] == ("ended", {"end": "fault", "detail": ""})


def test_a_challenge_that_is_gone_is_no_fault_of_the_candidates(world: World, in_this_process: ScriptedSandbox) -> None:
    run = world.visible.begin(OWNER, "token", "no-such-challenge", None)
    run_visible(run.id)
    assert said(world, run)[-1] == ("ended", {"end": "fault", "detail": ""})


def test_nobody_runs_what_nobody_waits_for(world: World, in_this_process: ScriptedSandbox) -> None:
    run = scripted(world, {})
    world.visible.forget(run)
    run_visible(run.id)
    assert said(world, run) == []


def test_what_is_left_out_is_said_where_it_is_missing(world: World) -> None:
    run = drafted(world, {})
    passing = Passing(world.visible, run.id, threading.Event())
    passing.told("ü".encode()[:1], 0)
    passing.told(b"end\n", 7)
    passing.finish()
    assert said(world, run) == [
        ("output", {"text": "\N{REPLACEMENT CHARACTER}\n[… 7 bytes are left out here …]\nend\n"})
    ]


def test_many_who_begin_at_once_get_one_run(world: World) -> None:
    begun, refused = [], []

    def begin() -> None:
        try:
            begun.append(world.visible.begin(OWNER, "token", SLUG, None).id)
        except RunGoesOn as other:
            refused.append(other.run_id)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) == 1
    assert refused == begun * 5


def test_a_slot_grades_while_visible_tests_run_beside_it_and_ends_them_when_it_stops(world: World) -> None:
    gate = world.gate("visible")
    run = scripted(world, {"prints": ["first\n", "last\n"], "gate": str(gate)})
    world.queue.enqueue_visible(run.id)
    slot = world.slot()
    wait_for(lambda: world.started(gate), "the visible tests do not begin")
    (record,) = world.finished(world.submit())
    assert record.state is GradingState.GRADED
    wait_for(lambda: ("output", {"text": "first\n"}) in said(world, run), "nothing is passed on while it runs")
    assert [kind for kind, _ in said(world, run)] == ["started", "output"]
    slot.terminate()
    assert slot.wait(60) == 0
    assert ended(world, run) == {"end": "stopped", "detail": ""}


def test_a_run_that_is_stopped_ends_and_the_next_is_taken(world: World) -> None:
    gate = world.gate("visible")
    run = scripted(world, {"gate": str(gate)})
    world.queue.enqueue_visible(run.id)
    world.slot()
    wait_for(lambda: world.started(gate), "the visible tests do not begin")
    world.visible.stop(run)
    assert ended(world, run) == {"end": "stopped", "detail": ""}
    following = scripted(world, {"visible": "no_tests"})
    world.queue.enqueue_visible(following.id)
    assert ended(world, following)["end"] == "no_tests"
