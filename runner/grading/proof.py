"""A challenge proves itself: its starter, reference fixes, mistakes and degenerate apps are run as submissions are.

What the runs show decides each test's kind and is held against what the package claims. Running is `run_all`; judging
(`derive_inventory`, `problems_of`, `stale`) is pure. What holds once need not hold always: fixes and mistakes can be
run again and again, each time with another seed, and every run must show the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from runner.errors import Problem, SubmissionRejected
from runner.grading.degenerate import degenerate_submissions
from runner.grading.report import RunReport, Sandbox
from runner.grading.scoring import grade_requirement, grade_tests
from runner.grading.service import GradingOptions, run_suite
from runner.limits import SubmissionLimits
from runner.packages.inventory import Inventory, InventoryTest, TestKind, command_to_derive
from runner.packages.loader import INVENTORY
from runner.packages.manifest import MANIFEST
from runner.packages.package import ChallengePackage, Files
from runner.submissions.model import Submission
from runner.submissions.normalise import normalise
from runner.submissions.uploads import DirectoryUpload, Entry

STARTER = "starter"


@dataclass(frozen=True)
class Repeats:
    """How often each reference fix and each mistake is run. The starter and degenerate apps are run once."""

    fixes: int = 1
    mistakes: int = 1


@dataclass(frozen=True)
class Evidence:
    """What each run reported: of the starter and each degenerate app one, of each fix and mistake one or more."""

    starter: RunReport
    fixes: Mapping[str, Sequence[RunReport]]
    mistakes: Mapping[str, Sequence[RunReport]]
    degenerate: Mapping[str, RunReport]


@dataclass(frozen=True)
class Proof:
    """The outcome of a check: what is wrong, and the inventory as it was derived (None when nothing could be).

    `derivable`: whether that inventory is to be believed. While a reference fix fails a test, the test may be wrong.
    """

    problems: tuple[Problem, ...]
    inventory: Inventory | None
    derivable: bool = True


def prove(
    package: ChallengePackage,
    sandbox: Sandbox,
    *,
    jobs: int = 2,
    repeats: Repeats = Repeats(),
    ran: Callable[[str], None] = lambda name: None,
) -> Proof:
    """Run everything a package carries and judge it. `ran` is told each run's name. Raises PlatformFault."""
    submissions, problems = submissions_of(package)
    if problems:
        return Proof(tuple(problems), None)
    evidence = run_all(package, planned(submissions, repeats), sandbox, jobs=jobs, ran=ran)
    inventory, derived_problems = derive_inventory(package, evidence)
    if inventory is None:
        return Proof(tuple(derived_problems), None)
    fixed = not any(problem.file.startswith("fixes/") for problem in derived_problems)
    return Proof((*derived_problems, *problems_of(package, evidence, inventory)), inventory, derivable=fixed)


def run_count(package: ChallengePackage, repeats: Repeats = Repeats()) -> int:
    """How many runs `prove` makes, for a progress bar."""
    once = 1 + len(degenerate_submissions(package))
    return once + repeats.fixes * len(package.fixes) + repeats.mistakes * len(package.mistakes)


def submissions_of(package: ChallengePackage) -> tuple[dict[str, Submission], list[Problem]]:
    """Everything to run, by name, fixes and mistakes normalised by the rules for candidates."""
    submissions = {STARTER: Submission({})}
    problems: list[Problem] = []
    overlays: dict[str, Files] = {f"fixes/{name}": files for name, files in package.fixes.items()}
    overlays |= {f"mistakes/{name}": mistake.files for name, mistake in package.mistakes.items()}
    for name, files in overlays.items():
        try:
            submissions[name] = as_candidates_do(files, package)
        except SubmissionRejected as error:
            problems.append(Problem(f"{name}/", error.path or "", error.reason))
    for name, submission in degenerate_submissions(package).items():
        submissions[f"degenerate/{name}"] = submission
    return submissions, problems


def as_candidates_do(files: Files, package: ChallengePackage) -> Submission:
    """An author's files as a candidate's submission. Raises SubmissionRejected."""
    upload = DirectoryUpload(tuple(Entry(path, data) for path, data in files.items()))
    return normalise(upload, package.starter, package.manifest.editable, package.slug, SubmissionLimits())


@dataclass(frozen=True)
class Run:
    """One run to be made. The seed is the run's number, from 1."""

    name: str
    submission: Submission
    seed: int = 1


def planned(submissions: Mapping[str, Submission], repeats: Repeats) -> list[Run]:
    """All runs, in rounds: a submission's runs lie apart, beside those of others."""

    def times(name: str) -> int:
        return {"fixes": repeats.fixes, "mistakes": repeats.mistakes}.get(name.partition("/")[0], 1)

    return [
        Run(name, submission, seed)
        for seed in range(1, max(1, repeats.fixes, repeats.mistakes) + 1)
        for name, submission in submissions.items()
        if seed <= times(name)
    ]


def run_all(
    package: ChallengePackage,
    runs: Iterable[Run],
    sandbox: Sandbox,
    *,
    jobs: int,
    ran: Callable[[str], None] = lambda name: None,
) -> Evidence:
    """Make every run, `jobs` at a time. Raises PlatformFault."""

    def one(run: Run) -> tuple[str, RunReport]:
        report = run_suite(package, run.submission, sandbox, GradingOptions(seed=run.seed))
        ran(run.name)
        return run.name, report

    reports: dict[str, list[RunReport]] = {}
    with ThreadPoolExecutor(jobs) as threads:
        for name, report in threads.map(one, runs):
            reports.setdefault(name, []).append(report)
    return Evidence(
        starter=reports[STARTER][0],
        fixes=_below("fixes/", reports),
        mistakes=_below("mistakes/", reports),
        degenerate={name: several[0] for name, several in _below("degenerate/", reports).items()},
    )


def _below(prefix: str, reports: Mapping[str, list[RunReport]]) -> dict[str, list[RunReport]]:
    return {name.removeprefix(prefix): several for name, several in reports.items() if name.startswith(prefix)}


def derive_inventory(package: ChallengePackage, evidence: Evidence) -> tuple[Inventory | None, list[Problem]]:
    """Each test's kind from how it ended on the starter and on every reference fix."""
    problems: list[Problem] = []
    tests: list[InventoryTest] = []
    if not evidence.starter.collected:
        return None, [Problem("hidden/", "", "pytest found no test")]
    started = evidence.starter.start_output
    if started is not None and package.manifest.app.starter_starts:
        said = (evidence.starter.outcome_message or "").strip()
        return None, [Problem("harness.py", "build", f"the starter's app does not start: {said}\n{started}")]
    if started is None and not package.manifest.app.starter_starts:
        problems.append(Problem(MANIFEST, "app.starter_starts", "is false, but the starter's app starts; leave it out"))
    passed_on_starter = evidence.starter.passed
    for identity, requirement in evidence.starter.collected.items():
        if requirement is None:
            problems.append(Problem(*place_of(identity), "names no requirement"))
            continue
        kind = TestKind.GUARD if identity in passed_on_starter else TestKind.FIX
        tests.append(InventoryTest(id=identity, requirement=requirement, kind=kind))
    for name, reports in evidence.fixes.items():
        problems.extend(_fix_problems(name, reports, tests))
    return Inventory(derived_from=package.evidence_digest, tests=tuple(tests)), problems


def place_of(identity: str) -> tuple[str, str]:
    """A test's file in the package and its name there, as the static checks have them: without parameters."""
    file, _, name = identity.partition("::")
    return f"hidden/{file}", name.partition("[")[0]


def _fix_problems(name: str, reports: Sequence[RunReport], tests: Sequence[InventoryTest]) -> Iterator[Problem]:
    dead = [report for report in reports if report.start_output is not None]
    if dead:
        how = dead[0].outcome_message or "The app did not start"
        yield Problem(f"fixes/{name}/", "", how + _share(len(dead), len(reports)))
        return
    for test in tests:
        failed = [report for report in reports if test.id not in report.passed]
        if failed:
            how = f"{test.kind.value} test ends as {failed[0].how(test.id) or 'not collected'} on this fix"
            yield Problem(f"fixes/{name}/", test.id, how + _share(len(failed), len(reports)))


def _share(some: int, of: int) -> str:
    """Said of what is not so in every run."""
    return "" if some == of else f", in {some} of {of} runs"


def stale(package: ChallengePackage, derived: Inventory) -> list[Problem]:
    """Where the package's inventory is not the one that the runs show; one that is missing is told elsewhere."""
    if package.inventory is None or package.inventory.tests == derived.tests:
        return []
    remedy = f"run: {command_to_derive(package.slug)}"
    said = {test.id: test for test in package.inventory.tests}
    shown = {test.id: test for test in derived.tests}
    problems = [Problem(INVENTORY, each, f"is no test that ran; {remedy}") for each in said if each not in shown]
    for identity, test in shown.items():
        old = said.get(identity)
        if old is None:
            problems.append(Problem(INVENTORY, identity, f"is missing; {remedy}"))
        elif old != test:
            is_now = f"{test.kind.value} test of {test.requirement}"
            was = f"{old.kind.value} test of {old.requirement}"
            problems.append(Problem(INVENTORY, identity, f"is a {is_now} by the runs, not a {was}; {remedy}"))
    return problems or [Problem(INVENTORY, "tests", f"are not in the order in which they ran; {remedy}")]


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
        Problem(*place_of(test.id), f"names {test.requirement}, which challenge.toml does not have")
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
    for name, reports in evidence.mistakes.items():
        place = f"mistakes/{name}/mistake.toml"
        for index, identity in enumerate(package.mistakes[name].must_fail):
            passing = sum(identity in report.passed for report in reports)
            if identity not in known:
                yield Problem(place, f"must_fail.{index}", f"{identity} is no test of the hidden suite")
            elif passing:
                yield Problem(
                    place, f"must_fail.{index}", f"{identity} passes on this mistake{_share(passing, len(reports))}"
                )
        solved = sum(score_of(package, inventory, report) == 100 for report in reports)
        if solved:
            often = _share(solved, len(reports))
            yield Problem(place, "", f"this mistake scores 100{often}: no hidden test catches it")


def score_of(package: ChallengePackage, inventory: Inventory, report: RunReport) -> int:
    """The score a run would get."""
    tests = grade_tests(inventory, report)
    return sum(grade_requirement(requirement, tests).earned for requirement in package.manifest.requirements)


def _earning(package: ChallengePackage, inventory: Inventory, report: RunReport) -> list[str]:
    tests = grade_tests(inventory, report)
    graded = [grade_requirement(requirement, tests) for requirement in package.manifest.requirements]
    return [requirement.id for requirement in graded if requirement.earned]
