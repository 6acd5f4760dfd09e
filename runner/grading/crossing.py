"""Whether a fix for one seeded bug serves where another is seeded: it must not, or one candidate can ask another.

Nor may files of a starter: where bugs lie in files that both have, one's starter has the other's bug mended.
"""

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
    """Every fix, and what a starter has in its place, with every bug but its own. Pure.

    `seeded`: packages by their folder, `bugs/<name>/` or nothing.
    """
    crossings: list[Crossing] = []
    for here, there in permutations(seeded, 2):
        if files := _where_the_bug_is(seeded[here], seeded[there]):
            crossings.append((f"{here}starter", files, there))
        crossings += [(f"{here}fixes/{name}", files, there) for name, files in seeded[here].fixes.items()]
    return crossings


def _where_the_bug_is(here: ChallengePackage, there: ChallengePackage) -> Files:
    """Of a starter the files that fixes of another bug change, where they are other files there."""
    changed = {path for files in there.fixes.values() for path in files}
    return {path: data for path, data in here.starter.items() if path in changed and there.starter.get(path) != data}


def crossed(
    seeded: Mapping[str, tuple[ChallengePackage, Inventory]],
    crossings: Sequence[Crossing],
    sandbox: Sandbox,
    *,
    jobs: int,
    ran: Callable[[str], None] = lambda name: None,
) -> list[Problem]:
    """A problem for each starter or fix that scores 100 where another bug is seeded.

    Raises PlatformFault, PackageInvalid.
    """

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
        return Problem(f"{place}/", "", f"scores 100 where {where} is seeded; lay the app out otherwise there")

    with ThreadPoolExecutor(jobs) as threads:
        return [problem for problem in threads.map(one, crossings) if problem is not None]
