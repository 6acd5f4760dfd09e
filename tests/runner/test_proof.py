"""What a package's runs are held against: every run of a fix and of a mistake counts, not the first alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from runner.errors import Problem
from runner.grading.proof import (
    STARTER,
    Evidence,
    Proof,
    Repeats,
    derive_inventory,
    planned,
    problems_of,
    prove,
    run_count,
    stale,
    submissions_of,
)
from runner.grading.report import Observer, Outcome, RunReport, TestReport, TestStatus, Work
from runner.packages.inventory import Inventory, InventoryTest, TestKind
from runner.packages.package import ChallengePackage, Mistake
from tests.support.packages import small_package

FIX, GUARD = "test_a.py::test_fix", "test_a.py::test_guard"
INVENTORY = Inventory(
    derived_from="x",
    tests=(
        InventoryTest(id=FIX, requirement="R1", kind=TestKind.FIX),
        InventoryTest(id=GUARD, requirement="R1", kind=TestKind.GUARD),
    ),
)
PACKAGE = replace(
    small_package(),
    fixes={"one": {"shop/__init__.py": b"fixed"}},
    mistakes={"wrong": Mistake("wrong", {"shop/__init__.py": b"wrong"}, "Wrong.", (FIX,))},
)


def ran(*failed: str) -> RunReport:
    tests = tuple(
        TestReport(test, TestStatus.FAILED if test in failed else TestStatus.PASSED, 0.0, "R1") for test in (FIX, GUARD)
    )
    return RunReport(Outcome.COMPLETED, {FIX: "R1", GUARD: "R1"}, tests)


GOOD = Evidence(starter=ran(FIX), fixes={"one": [ran()]}, mistakes={"wrong": [ran(FIX)]}, degenerate={})


def judged(evidence: Evidence) -> list[Problem]:
    inventory, problems = derive_inventory(PACKAGE, evidence)
    assert inventory is not None
    assert {test.id: test.kind for test in inventory.tests} == {FIX: TestKind.FIX, GUARD: TestKind.GUARD}
    return [*problems, *problems_of(PACKAGE, evidence, inventory)]


def test_a_starter_that_is_not_to_start_has_fix_tests_alone() -> None:
    manifest = PACKAGE.manifest
    app = manifest.app.model_copy(update={"starter_starts": False})
    package = replace(PACKAGE, manifest=manifest.model_copy(update={"app": app}))
    dead = replace(ran(FIX, GUARD), outcome=Outcome.CRASHED, outcome_message="The app did not start", start_output="")
    inventory, problems = derive_inventory(package, replace(GOOD, starter=dead))
    assert inventory is not None
    assert [test.kind for test in inventory.tests] == [TestKind.FIX, TestKind.FIX]
    assert problems == []
    (problem,) = derive_inventory(package, GOOD)[1]
    assert (problem.file, problem.key) == ("challenge.toml", "app.starter_starts")
    # It says nothing about what grades mean.
    assert package.digest == PACKAGE.digest


def test_runs_that_bear_out_the_package_show_no_problem() -> None:
    assert judged(GOOD) == []
    assert judged(replace(GOOD, fixes={"one": [ran()] * 20}, mistakes={"wrong": [ran(FIX)] * 20})) == []


@pytest.mark.parametrize(
    ("fixes", "said"),
    [
        ([ran(FIX)], "fix test ends as failed on this fix"),
        ([ran(), ran(GUARD), ran()], "guard test ends as failed on this fix, in 1 of 3 runs"),
    ],
)
def test_a_fix_that_fails_in_any_run_is_a_problem(fixes: list[RunReport], said: str) -> None:
    (problem,) = judged(replace(GOOD, fixes={"one": fixes}))
    assert (problem.file, problem.message) == ("fixes/one/", said)


def test_a_mistake_that_passes_in_any_run_is_a_problem() -> None:
    messages = [problem.message for problem in judged(replace(GOOD, mistakes={"wrong": [ran(FIX), ran()]}))]
    assert messages == [
        f"{FIX} passes on this mistake, in 1 of 2 runs",
        "this mistake scores 100, in 1 of 2 runs: no hidden test catches it",
    ]


def test_points_for_an_app_that_solves_nothing_are_a_problem() -> None:
    (problem,) = judged(replace(GOOD, degenerate={"an empty app": ran()}))
    assert "an empty app scores 100, not 0" in problem.message


def test_an_inventory_is_stale_when_a_kind_a_test_or_all_of_it_differs() -> None:
    first, second = INVENTORY.tests
    gone = first.model_copy(update={"id": "test_a.py::test_gone"})
    mended = second.model_copy(update={"kind": TestKind.FIX})
    cases = [
        ((first,), second.id, "is missing"),
        ((first, second, gone), gone.id, "is no test that ran"),
        ((first, mended), second.id, "is a guard test of R1 by the runs, not a fix test of R1"),
        ((second, first), "tests", "are not in the order"),
    ]
    for tests, key, told in cases:
        inventory = INVENTORY.model_copy(update={"tests": tests})
        (problem,) = stale(replace(PACKAGE, inventory=inventory), INVENTORY)
        assert (problem.file, problem.key) == ("inventory.json", key)
        assert problem.message.startswith(told)
        assert problem.message.endswith("run: mendbox challenge check small --write")
    assert stale(replace(PACKAGE, inventory=INVENTORY), INVENTORY) == []


def test_a_problem_found_by_running_is_in_the_place_where_reading_finds_it() -> None:
    class_test, unknown = "sub/test_b.py::TestA::test_x[1-a]", "test_c.py::test_y"
    collected = {FIX: "R1", GUARD: "R1", class_test: None, unknown: "R9"}
    starter = replace(ran(FIX), collected=collected)
    inventory, problems = derive_inventory(PACKAGE, replace(GOOD, starter=starter, fixes={}))
    assert inventory is not None
    assert [(each.file, each.key) for each in problems] == [("hidden/sub/test_b.py", "TestA::test_x")]
    mistake = Mistake("wrong", {"shop/__init__.py": b"wrong"}, "Wrong.", (FIX, "test_a.py::test_gone"))
    package = replace(PACKAGE, mistakes={"wrong": mistake})
    places = [(each.file, each.key) for each in problems_of(package, GOOD, inventory)]
    assert places == [("hidden/test_c.py", "test_y"), ("mistakes/wrong/mistake.toml", "must_fail.1")]


def test_a_fix_that_does_not_start_is_one_problem_in_the_apps_own_words() -> None:
    dead = replace(
        ran(), tests=(), outcome=Outcome.CRASHED, outcome_message="The app did not start: SystemExit", start_output=""
    )
    _, problems = derive_inventory(PACKAGE, replace(GOOD, fixes={"one": [dead]}))
    assert [str(problem) for problem in problems] == ["fixes/one/: The app did not start: SystemExit"]


class Recorder:
    """A sandbox that answers as its content says, and the wrong answer from a mistake's second run on."""

    environment: Mapping[str, object] = {}

    def __init__(self) -> None:
        self.seeds: dict[bytes, list[int]] = {}

    def run(self, work: Work, observe: Observer) -> RunReport:
        content = work.tree["shop/__init__.py"]
        self.seeds.setdefault(content, []).append(work.seed)
        if content == b"fixed" or (content == b"wrong" and work.seed > 1):
            return ran()
        return ran(FIX, GUARD) if content != b"" else ran(FIX)


def proven(package: ChallengePackage, repeats: Repeats) -> tuple[Proof, Recorder, list[str]]:
    sandbox, names = Recorder(), []
    return prove(package, sandbox, jobs=1, repeats=repeats, ran=names.append), sandbox, names


def test_fixes_and_mistakes_are_run_as_often_as_asked_each_time_with_another_seed() -> None:
    repeats = Repeats(fixes=3, mistakes=2)
    proof, sandbox, names = proven(PACKAGE, repeats)
    assert sandbox.seeds[b"fixed"] == [1, 2, 3]
    assert sandbox.seeds[b"wrong"] == [1, 2]
    assert names.count(STARTER) == 1
    assert len(names) == run_count(PACKAGE, repeats)
    assert [problem.message for problem in proof.problems] == [
        f"{FIX} passes on this mistake, in 1 of 2 runs",
        "this mistake scores 100, in 1 of 2 runs: no hidden test catches it",
    ]


def test_once_is_the_default() -> None:
    proof, _, names = proven(PACKAGE, Repeats())
    assert proof.problems == ()
    assert len(names) == len(set(names)) == run_count(PACKAGE)


def test_runs_of_one_submission_lie_apart() -> None:
    submissions, _ = submissions_of(PACKAGE)
    names = [run.name for run in planned(submissions, Repeats(fixes=2, mistakes=2))]
    assert names[0] == STARTER
    assert names[-2:] == ["fixes/one", "mistakes/wrong"]
