"""From a run to points: pure, and suspicious. Only what was expected and seen to pass counts as passed.

A requirement earns its points in the proportion of its passed `fix` tests, rounded down, and nothing at all while one
of its `guard` tests is broken: what worked in the starter must go on working. So whatever answers everything alike, or
nothing, earns nothing: it breaks guards.
"""

from __future__ import annotations

from collections.abc import Sequence

from runner.grading.models import GradedRequirement, GradedTest, RequirementStatus, Verdict
from runner.grading.report import RunReport, TestReport, TestStatus
from runner.packages.inventory import Inventory, InventoryTest, TestKind
from runner.packages.manifest import Requirement


def grade_tests(inventory: Inventory, report: RunReport) -> list[GradedTest]:
    """Every test of the inventory, in its order. One that was not reported, or twice, did not pass."""
    reported: dict[str, list[TestReport]] = {}
    for test in report.tests:
        reported.setdefault(test.id, []).append(test)
    return [_graded(expected, reported.get(expected.id, [])) for expected in inventory.tests]


def _graded(expected: InventoryTest, reports: Sequence[TestReport]) -> GradedTest:
    if len(reports) == 1:
        report = reports[0]
    elif reports:
        report = TestReport(expected.id, TestStatus.ERROR, 0.0, message="This test was reported more than once")
    else:
        report = TestReport(expected.id, TestStatus.NOT_RUN, 0.0, message="This test did not run")
    return GradedTest(
        id=expected.id,
        requirement=expected.requirement,
        kind=expected.kind,
        status=report.status,
        duration_s=report.duration_s,
        message=report.message,
        detail=report.detail,
        app_output=report.app_output,
    )


def grade_requirement(requirement: Requirement, tests: Sequence[GradedTest]) -> GradedRequirement:
    """One requirement from its tests; `tests` may hold others' too."""
    own = [test for test in tests if test.requirement == requirement.id]
    fixes = [test for test in own if test.kind is TestKind.FIX]
    passed = [test for test in fixes if test.status is TestStatus.PASSED]
    broken = [test for test in own if test.kind is TestKind.GUARD and test.status is not TestStatus.PASSED]
    earned = 0 if broken or not fixes else requirement.points * len(passed) // len(fixes)
    if fixes and not broken and len(passed) == len(fixes):
        status, message = RequirementStatus.MET, None
    else:
        status = RequirementStatus.PARTLY if passed and not broken else RequirementStatus.UNMET
        message = _message(requirement, own)
    return GradedRequirement(
        id=requirement.id,
        title=requirement.title,
        points=requirement.points,
        earned=earned,
        status=status,
        message=message,
    )


def _message(requirement: Requirement, tests: Sequence[GradedTest]) -> str:
    """What a candidate reads: what the first failing test's author says, a broken guard's before all."""
    failing = [test for test in tests if test.status is not TestStatus.PASSED]
    guards = [test for test in failing if test.kind is TestKind.GUARD]
    for test in [*guards, *failing]:
        if test.message:
            return f"Something that worked before no longer does. {test.message}" if test in guards else test.message
    return requirement.message


def verdict_of(tests: Sequence[GradedTest], score: int) -> Verdict:
    """The grade in one word. A guard that did not run is not known to be broken, and not passed either."""
    broken = (TestStatus.FAILED, TestStatus.ERROR)
    if any(test.kind is TestKind.GUARD and test.status in broken for test in tests):
        return Verdict.REGRESSED
    if tests and all(test.status is TestStatus.PASSED for test in tests):
        return Verdict.SOLVED
    return Verdict.PARTIAL if score > 0 else Verdict.UNSOLVED
