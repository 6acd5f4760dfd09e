"""A challenge proves itself: its starter, reference fixes, mistakes and degenerate apps are run as submissions are.

What the runs show decides each test's kind and is held against what the package claims. Running is `run_all`; judging
(`derive_inventory`, `problems_of`) is pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from runner.errors import Problem, SubmissionRejected
from runner.grading.degenerate import degenerate_submissions
from runner.grading.report import RunReport, Sandbox, TestStatus
from runner.grading.scoring import grade_requirement, grade_tests
from runner.grading.service import GradingOptions, run_suite
from runner.limits import SubmissionLimits
from runner.packages.inventory import Inventory, InventoryTest, TestKind
from runner.packages.package import ChallengePackage, Files
from runner.submissions.model import Submission
from runner.submissions.normalise import normalise
from runner.submissions.uploads import DirectoryUpload, Entry

STARTER = "starter"


@dataclass(frozen=True)
class Evidence:
    """What each run reported: the starter once, the others by name."""

    starter: RunReport
    fixes: Mapping[str, RunReport]
    mistakes: Mapping[str, RunReport]
    degenerate: Mapping[str, RunReport]


@dataclass(frozen=True)
class Proof:
    """The outcome of a check: what is wrong, and the inventory as it was derived (None when nothing could be)."""

    problems: tuple[Problem, ...]
    inventory: Inventory | None


def prove(
    package: ChallengePackage, sandbox: Sandbox, *, jobs: int = 2, ran: Callable[[str], None] = lambda name: None
) -> Proof:
    """Run everything a package carries and judge it. `ran` is told each run's name. Raises PlatformFault."""
    submissions, problems = _submissions(package)
    if problems:
        return Proof(tuple(problems), None)
    evidence = run_all(package, submissions, sandbox, jobs=jobs, ran=ran)
    inventory, derived_problems = derive_inventory(package, evidence)
    if inventory is None:
        return Proof(tuple(derived_problems), None)
    return Proof((*derived_problems, *problems_of(package, evidence, inventory)), inventory)


def run_names(package: ChallengePackage) -> list[str]:
    """The names of all runs that `prove` makes, for a progress bar."""
    return [
        STARTER,
        *(f"fixes/{name}" for name in package.fixes),
        *(f"mistakes/{name}" for name in package.mistakes),
        *(f"degenerate/{name}" for name in degenerate_submissions(package)),
    ]


def _submissions(package: ChallengePackage) -> tuple[dict[str, Submission], list[Problem]]:
    """Everything to run, by name, fixes and mistakes normalised by the rules for candidates."""
    submissions = {STARTER: Submission({})}
    problems: list[Problem] = []
    overlays: dict[str, Files] = {f"fixes/{name}": files for name, files in package.fixes.items()}
    overlays |= {f"mistakes/{name}": mistake.files for name, mistake in package.mistakes.items()}
    for name, files in overlays.items():
        try:
            submissions[name] = _as_candidates_do(files, package)
        except SubmissionRejected as error:
            problems.append(Problem(f"{name}/", error.path or "", error.reason))
    for name, submission in degenerate_submissions(package).items():
        submissions[f"degenerate/{name}"] = submission
    return submissions, problems


def _as_candidates_do(files: Files, package: ChallengePackage) -> Submission:
    upload = DirectoryUpload(tuple(Entry(path, data) for path, data in files.items()))
    return normalise(upload, package.starter, package.manifest.editable, package.slug, SubmissionLimits())


def run_all(
    package: ChallengePackage,
    submissions: Mapping[str, Submission],
    sandbox: Sandbox,
    *,
    jobs: int,
    ran: Callable[[str], None],
) -> Evidence:
    """Run every submission, `jobs` at a time."""

    def one(item: tuple[str, Submission]) -> tuple[str, RunReport]:
        name, submission = item
        report = run_suite(package, submission, sandbox, GradingOptions(seed=1))
        ran(name)
        return name, report

    with ThreadPoolExecutor(jobs) as threads:
        reports = dict(threads.map(one, submissions.items()))
    return Evidence(
        starter=reports[STARTER],
        fixes=_below("fixes/", reports),
        mistakes=_below("mistakes/", reports),
        degenerate=_below("degenerate/", reports),
    )


def _below(prefix: str, reports: Mapping[str, RunReport]) -> dict[str, RunReport]:
    return {name.removeprefix(prefix): report for name, report in reports.items() if name.startswith(prefix)}


def derive_inventory(package: ChallengePackage, evidence: Evidence) -> tuple[Inventory | None, list[Problem]]:
    """Each test's kind from how it ended on the starter and on every reference fix."""
    problems: list[Problem] = []
    tests: list[InventoryTest] = []
    if not evidence.starter.collected:
        return None, [Problem("hidden/", "", "pytest found no test")]
    started = evidence.starter.start_output
    if started is not None:
        said = (evidence.starter.outcome_message or "").strip()
        return None, [Problem("harness.py", "build", f"the starter's app does not start: {said}\n{started}")]
    passed_on_starter = _passed(evidence.starter)
    for identity, requirement in evidence.starter.collected.items():
        if requirement is None:
            problems.append(Problem(f"hidden/{identity}", "requirement", "names no requirement"))
            continue
        kind = TestKind.GUARD if identity in passed_on_starter else TestKind.FIX
        tests.append(InventoryTest(id=identity, requirement=requirement, kind=kind))
    for name, report in evidence.fixes.items():
        passed = _passed(report)
        problems.extend(
            Problem(f"fixes/{name}/", test.id, f"{test.kind.value} test ends as {_how(report, test.id)} on this fix")
            for test in tests
            if test.id not in passed
        )
    return Inventory(derived_from=package.evidence_digest, tests=tuple(tests)), problems


def problems_of(package: ChallengePackage, evidence: Evidence, inventory: Inventory) -> list[Problem]:
    """What the runs show against the package's claims."""
    problems: list[Problem] = []
    for requirement in package.manifest.requirements:
        kinds = {test.kind for test in inventory.tests if test.requirement == requirement.id}
        if TestKind.FIX not in kinds:
            problems.append(
                Problem("hidden/", requirement.id, "has no fix test: every test of it passes on the starter already")
            )
    declared = {requirement.id for requirement in package.manifest.requirements}
    problems.extend(
        Problem(f"hidden/{test.id}", "requirement", f"{test.requirement} is not declared in challenge.toml")
        for test in inventory.tests
        if test.requirement not in declared
    )
    zero = {STARTER: evidence.starter, **evidence.degenerate}
    for name, report in zero.items():
        score = score_of(package, inventory, report)
        if score:
            earning = ", ".join(_earning(package, inventory, report))
            problems.append(
                Problem("hidden/", earning, f"{name} scores {score}, not 0: these requirements need a guard it breaks")
            )
    problems.extend(_mistake_problems(package, evidence, inventory))
    return problems


def _mistake_problems(package: ChallengePackage, evidence: Evidence, inventory: Inventory) -> Iterable[Problem]:
    known = {test.id for test in inventory.tests}
    for name, report in evidence.mistakes.items():
        place = f"mistakes/{name}/mistake.toml"
        for identity in package.mistakes[name].must_fail:
            if identity not in known:
                yield Problem(place, "must_fail", f"{identity} is no test of the hidden suite")
            elif identity in _passed(report):
                yield Problem(place, "must_fail", f"{identity} passes on this mistake")
        if score_of(package, inventory, report) == 100:
            yield Problem(place, "", "this mistake scores 100: no hidden test catches it")


def score_of(package: ChallengePackage, inventory: Inventory, report: RunReport) -> int:
    """The score a run would get."""
    tests = grade_tests(inventory, report)
    return sum(grade_requirement(requirement, tests).earned for requirement in package.manifest.requirements)


def _earning(package: ChallengePackage, inventory: Inventory, report: RunReport) -> list[str]:
    tests = grade_tests(inventory, report)
    graded = [grade_requirement(requirement, tests) for requirement in package.manifest.requirements]
    return [requirement.id for requirement in graded if requirement.earned]


def _passed(report: RunReport) -> set[str]:
    return {test.id for test in report.tests if test.status is TestStatus.PASSED}


def _how(report: RunReport, identity: str) -> str:
    for test in report.tests:
        if test.id == identity:
            detail = (test.detail or test.message or "").strip().splitlines()
            return f"{test.status.value} ({detail[-1]})" if detail else test.status.value
    return "not collected"
