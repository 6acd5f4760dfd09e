"""The starter of what is graded is run once, so that assessors see what its app answered before the fix."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runner.packages.loader import load_package
from tests.support.scripted_sandbox import DOWN, ScriptedSandbox
from tests.worker.conftest import World
from tests.worker.sample import FIX, GUARD, SLUG
from worker.context import WorkerContext, set_context
from worker.jobs import grade
from worker.run import run_grading
from worker.starters import run_starter


def _digest(world: World) -> str:
    return load_package(Path(world.settings.challenges) / SLUG).digest


def test_what_an_app_answered_is_kept_with_its_grade(world: World) -> None:
    grading = world.submit({"answers": "404 NOT FOUND", "statuses": {FIX: "failed"}})
    run_grading(world.context(), grading)
    kept = world.store.exchanges.of_grading(grading)
    assert {test: each.status for test, each in kept.items()} == {FIX: "404 NOT FOUND", GUARD: "404 NOT FOUND"}


def test_after_the_first_grading_the_starter_is_run_and_never_again(world: World) -> None:
    sandbox = ScriptedSandbox()
    for runs in (2, 3):
        set_context(world.context(sandbox))
        grade(world.submit())
        assert sandbox.runs == runs
    kept = world.store.exchanges.of_starter(_digest(world))
    assert kept is not None
    assert {each.status for each in kept.values()} == {"200 OK"}


def test_while_somebody_waits_no_starter_is_run(world: World) -> None:
    sandbox = ScriptedSandbox()
    context: WorkerContext = world.context(sandbox)
    first, second = world.submit(), world.submit()
    run_grading(context, first)
    run_starter(context, first)
    assert world.store.exchanges.of_starter(_digest(world)) is None
    run_grading(context, second)
    run_starter(context, second)
    assert world.store.exchanges.of_starter(_digest(world)) is not None


def test_an_engine_that_is_down_costs_nobody_anything(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    context = world.context()
    grading = world.submit()
    run_grading(context, grading)
    flag = Path(world.environ["SCRIPTED_SANDBOX_DOWN"])
    monkeypatch.setenv(DOWN, os.fspath(flag))
    flag.touch()
    run_starter(context, grading)
    flag.unlink()
    assert world.store.exchanges.of_starter(_digest(world)) is None
    run_starter(context, grading)
    assert world.store.exchanges.of_starter(_digest(world)) is not None
