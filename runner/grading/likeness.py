"""Whether a suite can be answered from an earlier grading: what it asks and is told under two seeds must differ.

Judging is pure (`alike`); `answered_alike` makes the two runs that it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runner.errors import Problem
from runner.grading.report import Exchange, Sandbox
from runner.grading.service import GradingOptions, run_suite
from runner.packages.inventory import Inventory, TestKind
from runner.packages.package import ChallengePackage
from runner.submissions.model import Submission

SEEDS = (1, 2)
#: A test is alike when so much of what it was told under one seed it was told under the other as well, word for word.
MOST_ALIKE = 0.9


def answered_alike(package: ChallengePackage, sandbox: Sandbox, inventory: Inventory) -> list[Problem]:
    """Run a reference fix with two seeds and judge what went to and fro. Raises PlatformFault."""
    fix = Submission(package.fixes[min(package.fixes)]) if package.fixes else Submission({})
    seen: list[list[Exchange]] = []
    for seed in SEEDS:
        seen.append([])
        run_suite(package, fix, sandbox, GradingOptions(seed=seed, watch=seen[-1].append))
    return alike(inventory, *seen)


def alike(inventory: Inventory, one: Sequence[Exchange], other: Sequence[Exchange]) -> list[Problem]:
    """A problem for each test that earns points and was asked and answered the same under both seeds.

    A test that sends no request is none: what it earns by is not in what an app was seen to answer.
    """
    problems = []
    for test in inventory.tests:
        first, second = _told(one, test.id), _told(other, test.id)
        if test.kind is TestKind.FIX and first and len(first & second) >= MOST_ALIKE * len(first):
            file, _, name = test.id.partition("::")
            said = (
                f"earns points of {test.requirement}, and is asked and answered the same in every grading: who was "
                "graded once can answer it from a table. Let it send or compare something drawn from the seed"
            )
            problems.append(Problem(f"hidden/{file}", name, said))
    return problems


def _told(exchanges: Iterable[Exchange], test: str) -> set[tuple[str, str, str, bytes, str, bytes]]:
    return {
        (each.method, each.path, each.query, each.body, each.status, each.answer)
        for each in exchanges
        if each.test == test
    }
