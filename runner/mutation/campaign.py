"""Runs mutants of a package's reference fixes against its hidden suite and says which of them lived.

A mutant is killed when any hidden test that passes on the fix does not pass on it. One that lives shows something that
the suite does not look at: an author adds a test for it, or says in `mutants.toml` why nobody can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from runner.errors import Problem
from runner.grading.proof import submissions_of
from runner.grading.report import Sandbox
from runner.grading.service import GradingOptions, run_suite
from runner.mutation.changed import changed_lines
from runner.mutation.operators import Mutant, mutants_of
from runner.packages.mutants import MUTANTS, Equivalent
from runner.packages.package import ChallengePackage
from runner.submissions.model import Submission

#: What the suites of the library are held to, in per cent of the mutants that are not equivalent.
LEAST_SCORE = 85


@dataclass(frozen=True, slots=True)
class Planned:
    """A mutant of one file of one reference fix. `folder`: of the bug that the fix is for, if it has one."""

    fix: str
    file: str
    mutant: Mutant
    folder: str = ""

    @property
    def place(self) -> str:
        """The file in the package."""
        return f"{self.folder}fixes/{self.fix}/{self.file}"


@dataclass(frozen=True, slots=True)
class Campaign:
    """What came of it. `equivalent` mutants were not run; `lived` are in the order of fixes, files and lines."""

    killed: int
    equivalent: int
    lived: tuple[Planned, ...] = field(default=())

    @property
    def score(self) -> int:
        """Killed in per cent of those that were run, rounded down; 100 where there were none."""
        ran = self.killed + len(self.lived)
        return 100 * self.killed // ran if ran else 100


def added(one: Campaign | None, other: Campaign, folder: str = "") -> Campaign:
    """Two campaigns as one; `folder` is where the fixes of `other` lie, `bugs/<name>/` or nothing. Pure."""
    lived = tuple(replace(each, folder=folder) for each in other.lived)
    if one is None:
        return replace(other, lived=lived)
    return Campaign(one.killed + other.killed, one.equivalent + other.equivalent, one.lived + lived)


def planned(package: ChallengePackage) -> tuple[list[Planned], int, list[Problem]]:
    """The mutants to run, how many are left out as equivalent, and entries of `mutants.toml` that mean none."""
    to_run: list[Planned] = []
    met: set[Equivalent] = set()
    left_out = 0
    for name, files in sorted(package.fixes.items()):
        for path, content in sorted(files.items()):
            if not path.endswith(".py") or path.startswith("tests/"):
                continue
            for mutant in mutants_of(content, changed_lines(package.starter.get(path), content)):
                known = [each for each in package.equivalent if each.means(name, path, mutant.before, mutant.after)]
                met.update(known)
                if known:
                    left_out += 1
                else:
                    to_run.append(Planned(name, path, mutant))
    stale = [
        Problem(
            MUTANTS, f"equivalent.{index}", f"no mutant of {each.file} changes {each.before!r} so; remove the entry"
        )
        for index, each in enumerate(package.equivalent)
        if each not in met
    ]
    return to_run, left_out, stale


def run_campaign(
    package: ChallengePackage,
    to_run: Sequence[Planned],
    sandbox: Sandbox,
    *,
    jobs: int,
    equivalent: int = 0,
    ran: Callable[[str], None] = lambda name: None,
) -> Campaign:
    """Run every planned mutant, `jobs` at a time; `ran` is told each one's place. Raises PlatformFault."""
    submissions, _ = submissions_of(package)

    def lives(each: Planned) -> bool:
        files = {**submissions[f"fixes/{each.fix}"].files, each.file: each.mutant.source}
        options = GradingOptions(seed=1, first_failure_ends=True)
        report = run_suite(package, Submission(files), sandbox, options)
        ran(f"{each.fix}/{each.file}:{each.mutant.line}")
        return report.all_passed

    with ThreadPoolExecutor(jobs) as threads:
        lived = tuple(each for each, lives_on in zip(to_run, threads.map(lives, to_run), strict=True) if lives_on)
    return Campaign(len(to_run) - len(lived), equivalent, lived)


def problems_of(campaign: Campaign) -> list[Problem]:
    """That too many lived, as a problem of the package; each that lived is told beside it."""
    if campaign.score >= LEAST_SCORE:
        return []
    ran = campaign.killed + len(campaign.lived)
    said = f"{campaign.killed} of {ran} mutants of the fixes are noticed, {campaign.score} %; at least {LEAST_SCORE} %"
    return [Problem("hidden/", "", f"{said} should be: add tests, or argue in {MUTANTS}")]
