"""What each challenge promises, shown by running all it carries. Challenges are found and drawn, not named."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from mendbox.sandboxes import open_sandbox
from runner.grading.proof import (
    Evidence,
    Repeats,
    derive_inventory,
    planned,
    problems_of,
    run_all,
    stale,
    submissions_of,
)
from runner.grading.report import RunReport, Sandbox, TestStatus
from runner.grading.service import GradeContext, make_grade
from runner.integrity.facts import integrity_of
from runner.packages.diagnose import diagnose
from runner.packages.finder import list_challenges
from runner.packages.inventory import Inventory, TestKind
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from runner.submissions.model import Submission
from store.settings import Settings
from tests.support.library import LIBRARY, proving_challenges

CHALLENGES = proving_challenges()
#: At a time, so that a grading has to share the machine as it has to with candidates'.
JOBS = max(2, os.cpu_count() or 1)
#: Twenty times is `mendbox challenge check --all --repeat 20`, too long for every run of the tests.
REPEATS = Repeats(fixes=3)


@dataclass(frozen=True)
class Shown:
    """A package and what its runs reported."""

    package: ChallengePackage
    evidence: Evidence
    environment: Mapping[str, Any]

    def score(self, report: RunReport) -> int:
        """The score that a candidate would be given, by the inventory as it is on disk."""
        context = GradeContext(seed=1, queued_s=0.0, total_s=0.0, environment=self.environment)
        return make_grade(self.package, Submission({}), report, context).score


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(Settings.from_env(os.environ), print, warm_pairs=JOBS) as opened:
        yield opened


def _with_each_bug(folder: Path) -> list[tuple[Path, str | None]]:
    """A challenge as its folder stands, and with each other bug. One that can't be read fails in its own tests."""
    bugs = sorted(each.name for each in (folder / "bugs").iterdir()) if (folder / "bugs").is_dir() else []
    return [(folder, None), *((folder, bug) for bug in bugs)]


@pytest.fixture(
    scope="module",
    params=[each for folder in CHALLENGES for each in _with_each_bug(folder)],
    ids=lambda each: each[0].name if each[1] is None else f"{each[0].name}-{each[1]}",
)
def shown(request: pytest.FixtureRequest, sandbox: Sandbox) -> Shown:
    folder, bug = request.param
    package = load_package(folder)
    package = package if bug is None else package.bugs[bug]
    submissions, problems = submissions_of(package)
    assert problems == []
    evidence = run_all(package, planned(submissions, REPEATS), sandbox, jobs=JOBS)
    return Shown(package, evidence, sandbox.environment)


def test_there_are_challenges() -> None:
    assert len(CHALLENGES) >= 1
    assert len(list_challenges(LIBRARY)) >= 3


def test_every_reference_fix_scores_100_every_time(shown: Shown) -> None:
    fixes = shown.evidence.fixes
    assert len(fixes) >= 2
    scores = {name: [shown.score(report) for report in reports] for name, reports in fixes.items()}
    assert scores == {name: [100] * REPEATS.fixes for name in fixes}


def test_every_mistake_fails_the_tests_it_names_and_is_no_solution(shown: Shown) -> None:
    mistakes = shown.package.mistakes
    assert len(mistakes) >= 5
    assert set(shown.evidence.mistakes) == set(mistakes)
    missed = {}
    for name, reports in shown.evidence.mistakes.items():
        for report in reports:
            passed = {test.id for test in report.tests if test.status is TestStatus.PASSED}
            if (got_by := passed & set(mistakes[name].must_fail)) or shown.score(report) == 100:
                missed[name] = got_by
    assert missed == {}


def test_the_starter_scores_0(shown: Shown) -> None:
    assert shown.score(shown.evidence.starter) == 0


def test_apps_that_solve_nothing_score_0(shown: Shown) -> None:
    degenerate = shown.evidence.degenerate
    assert {"an empty app", "an app that dies in every request", "an app that answers 200 with {}"} <= set(degenerate)
    assert {name: shown.score(report) for name, report in degenerate.items()} == dict.fromkeys(degenerate, 0)


def test_honest_work_shows_no_fact_at_all(shown: Shown) -> None:
    """The starter, every reference fix and every mistake: nothing that an integrity report would name."""
    evidence = shown.evidence
    runs = {"the starter": [evidence.starter], **evidence.fixes, **evidence.mistakes}
    told = {name: [integrity_of(report.facts).facts for report in reports] for name, reports in runs.items()}

    assert len(told) == 1 + len(shown.package.fixes) + len(shown.package.mistakes)
    assert {name: facts for name, facts in told.items() if any(facts)} == {}


def test_the_inventory_is_what_the_runs_show_and_the_package_has_no_other_problem(shown: Shown) -> None:
    package = shown.package
    inventory, problems = derive_inventory(package, shown.evidence)
    assert problems == []
    assert inventory is not None
    assert stale(package, inventory) == []
    assert [*diagnose(package), *problems_of(package, shown.evidence, inventory)] == []


def test_an_inventory_that_was_changed_by_hand_is_found(shown: Shown) -> None:
    inventory, _ = derive_inventory(shown.package, shown.evidence)
    assert inventory is not None
    first, *others = inventory.tests
    other_kind = TestKind.GUARD if first.kind is TestKind.FIX else TestKind.FIX
    for tests in ((first.model_copy(update={"kind": other_kind}), *others), tuple(others)):
        changed = replace(shown.package, inventory=Inventory(derived_from=inventory.derived_from, tests=tests))
        assert [problem.file for problem in stale(changed, inventory)] == ["inventory.json"]


def test_a_hidden_test_that_was_changed_makes_the_inventory_stale(shown: Shown) -> None:
    package = shown.package
    hidden = {path: data + b"\n# changed\n" for path, data in package.hidden.items()}
    assert "inventory.json" in {problem.file for problem in diagnose(replace(package, hidden=hidden))}
