"""Points are earned by fix tests that were seen to pass, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import PackageInvalid
from runner.grading.models import RequirementStatus, Verdict
from runner.grading.report import Outcome, RunReport, TestReport, TestStatus, Work
from runner.grading.scoring import grade_requirement, grade_tests, verdict_of
from runner.grading.service import grade_submission
from runner.packages.inventory import Inventory, InventoryTest, TestKind
from runner.submissions.model import Submission
from tests.support.packages import small_package

POINTS = {"R1": 60, "R2": 40}
IDS = {f"t::{name}_{kind}_{number}": (name, kind) for name in POINTS for kind in TestKind for number in range(3)}
INVENTORY = Inventory(
    derived_from="x",
    tests=tuple(InventoryTest(id=test, requirement=name, kind=kind) for test, (name, kind) in IDS.items()),
)
STATUSES = st.fixed_dictionaries({test: st.sampled_from(TestStatus) for test in IDS})


def report_of(statuses: dict[str, TestStatus], *, collected: dict[str, str | None] | None = None) -> RunReport:
    tests = tuple(TestReport(test, status, 0.0, message="words") for test, status in statuses.items())
    if collected is None:
        collected = {test: name for test, (name, _) in IDS.items()}
    return RunReport(Outcome.COMPLETED, collected, tests)


def scored(report: RunReport) -> tuple[int, Verdict]:
    tests = grade_tests(INVENTORY, report)
    requirements = small_package(points=POINTS).manifest.requirements
    score = sum(grade_requirement(requirement, tests).earned for requirement in requirements)
    return score, verdict_of(tests, score)


@given(STATUSES)
def test_a_score_is_between_0_and_100_and_100_only_when_all_passed(statuses: dict[str, TestStatus]) -> None:
    score, verdict = scored(report_of(statuses))
    assert 0 <= score <= 100
    everything = all(status is TestStatus.PASSED for status in statuses.values())
    assert (score == 100) == everything == (verdict is Verdict.SOLVED)


@given(STATUSES, st.sampled_from(sorted(IDS)))
def test_a_test_that_no_longer_passes_never_raises_the_score(statuses: dict[str, TestStatus], worse: str) -> None:
    before, _ = scored(report_of(statuses))
    for status in (TestStatus.FAILED, TestStatus.ERROR, TestStatus.NOT_RUN):
        after, _ = scored(report_of({**statuses, worse: status}))
        assert after <= before


@given(STATUSES, st.sampled_from(sorted(IDS)))
def test_a_test_that_is_missing_or_doubled_is_not_passed(statuses: dict[str, TestStatus], which: str) -> None:
    without = {test: status for test, status in statuses.items() if test != which}
    missing = grade_tests(INVENTORY, report_of(without))
    assert next(test for test in missing if test.id == which).status is TestStatus.NOT_RUN
    report = report_of({**statuses, which: TestStatus.PASSED})
    doubled = RunReport(report.outcome, report.collected, (*report.tests, report.tests[list(statuses).index(which)]))
    assert next(test for test in grade_tests(INVENTORY, doubled) if test.id == which).status is TestStatus.ERROR


@given(STATUSES)
def test_a_test_that_nobody_expected_changes_nothing(statuses: dict[str, TestStatus]) -> None:
    report = report_of(statuses)
    more = RunReport(report.outcome, report.collected, (*report.tests, TestReport("t::new", TestStatus.PASSED, 0.0)))
    assert grade_tests(INVENTORY, more) == grade_tests(INVENTORY, report)


def test_a_requirement_with_only_guards_earns_nothing() -> None:
    guards = Inventory(derived_from="x", tests=(InventoryTest(id="g", requirement="R1", kind=TestKind.GUARD),))
    tests = grade_tests(guards, report_of({"g": TestStatus.PASSED}))
    graded = grade_requirement(small_package().manifest.requirements[0], tests)
    assert (graded.earned, graded.status) == (0, RequirementStatus.UNMET)
    assert graded.message == "R1 is not met."


class OneReport:
    """A sandbox that gives the same report whatever it is asked."""

    def __init__(self, report: RunReport) -> None:
        self.environment = {"image": "i", "image_id": "sha256:1", "python": "3.13", "runtime": "runc"}
        self.report = report
        self.work: Work | None = None

    def run(self, work: Work, observe: object) -> RunReport:
        self.work = work
        return self.report


def test_the_submission_lies_over_the_starter_and_the_rest_is_the_starters() -> None:
    sandbox = OneReport(report_of(dict.fromkeys(IDS, TestStatus.PASSED)))
    package = small_package(
        points=POINTS, inventory=INVENTORY, starter={"shop/__init__.py": b"old", "shop/models.py": b"kept"}
    )
    grade = grade_submission(package, Submission({"shop/__init__.py": b"new", "shop/more.py": b"more"}), sandbox)
    assert sandbox.work is not None
    assert sandbox.work.tree == {"shop/__init__.py": b"new", "shop/models.py": b"kept", "shop/more.py": b"more"}
    assert grade.submission.files == ["shop/__init__.py", "shop/more.py"]
    assert (grade.score, grade.verdict, grade.receipt.score) == (100, Verdict.SOLVED, 100)
    assert grade.receipt.seed == sandbox.work.seed


@pytest.mark.parametrize(
    "collected",
    [
        {},
        {**{test: name for test, (name, _) in IDS.items()}, "t::new": "R1"},
        dict.fromkeys(IDS, "R1"),
    ],
)
def test_a_suite_that_is_not_the_inventorys_is_never_graded(collected: dict[str, str | None]) -> None:
    package = small_package(points=POINTS, inventory=INVENTORY)
    report = report_of(dict.fromkeys(IDS, TestStatus.PASSED), collected=collected)
    with pytest.raises(PackageInvalid, match="check small --write"):
        grade_submission(package, Submission({}), OneReport(report))


def test_a_package_without_inventory_is_never_graded() -> None:
    with pytest.raises(PackageInvalid, match=r"inventory\.json"):
        grade_submission(small_package(), Submission({}), OneReport(report_of({})))
