"""Whether a fix for one seeded bug serves where another is seeded: it must not, or one candidate can ask another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

from runner.errors import Problem, SubmissionRejected
from runner.grading.proof import as_candidates_do, score_of
from runner.grading.report import Sandbox
from runner.grading.service import GradingOptions, run_suite
from runner.packages.inventory import Inventory
from runner.packages.package import ChallengePackage, Files

#: From one seeded bug to another: the fix's folder in the package, its files, and the name of the bug it is sent to.
Crossing = tuple[str, Files, str]


def crossings_of(seeded: Mapping[str, ChallengePackage]) -> list[Crossing]:
    """Every fix with every bug but its own. `seeded`: packages by their folder, `bugs/<name>/` or nothing. Pure."""
    return [
        (f"{here}fixes/{name}", files, there)
        for here, there in permutations(seeded, 2)
        for name, files in seeded[here].fixes.items()
    ]


def crossed(
    seeded: Mapping[str, tuple[ChallengePackage, Inventory]],
    crossings: Sequence[Crossing],
    sandbox: Sandbox,
    *,
    jobs: int,
    ran: Callable[[str], None] = lambda name: None,
) -> list[Problem]:
    """A problem for each fix that scores 100 where another bug is seeded. Raises PlatformFault."""

    def one(crossing: Crossing) -> Problem | None:
        place, files, there = crossing
        package, inventory = seeded[there]
        try:
            submission = as_candidates_do(files, package)
        except SubmissionRejected:
            return None
        finally:
            ran(place)
        score = score_of(package, inventory, run_suite(package, submission, sandbox, GradingOptions(seed=1)))
        if score < 100:
            return None
        where = f"the bug of {there}" if there else "the bug of the folder as it stands"
        return Problem(f"{place}/", "", f"scores 100 where {where} is seeded; seed the two in files that differ")

    with ThreadPoolExecutor(jobs) as threads:
        return [problem for problem in threads.map(one, crossings) if problem is not None]
