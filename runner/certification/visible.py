"""Runs the starter's visible tests as it stands: a candidate who gets red tests looks for the wrong fault.

They run in the grader's container, as a hidden suite does, with the starter's own files beside them: it is the author's
code, and needs no app in the other container but one that answers.
"""

from __future__ import annotations

from collections.abc import Callable

from runner.errors import PackageInvalid, Problem
from runner.grading.report import RunReport, Sandbox, TestStatus, Work
from runner.packages.package import ChallengePackage

_APP = {"app.py": b"def create_app():\n    return lambda environ, start: start('204 No Content', []) or []\n"}
_HARNESS = b"def build(context):\n    return context.load()()\n"


def visible_tests(
    package: ChallengePackage, sandbox: Sandbox, ran: Callable[[str], None] = lambda name: None
) -> list[Problem]:
    """Each visible test that does not pass on the starter, or that there is none. Raises PlatformFault."""
    work = Work(_APP, _HARNESS, package.starter, "app:create_app", package.manifest.limits, seed=1)
    try:
        report = sandbox.run(work, lambda kind, data: None)
    except PackageInvalid as error:
        return [Problem("starter/", "", problem.message) for problem in error.problems]
    ran("visible tests")
    return problems_of(report)


def problems_of(report: RunReport) -> list[Problem]:
    """What a run of the visible tests shows. Pure."""
    problems: list[Problem] = []
    ended = {test.id: test for test in report.tests}
    for identity in report.collected:
        test = ended.get(identity)
        if test is not None and test.status is TestStatus.PASSED:
            continue
        file, _, name = identity.partition("::")
        said = f": {test.gist}" if test is not None and test.gist else ""
        problems.append(Problem(f"starter/{file}", name, f"does not pass on the starter as it stands{said}"))
    return problems
