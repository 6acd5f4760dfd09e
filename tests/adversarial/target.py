"""The challenge that attacks are tried on: the one that `mendbox challenge new` makes, open for every file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from runner.attacks.canary import new_canary, with_canary
from runner.attacks.payload import partial_base
from runner.grading.proof import STARTER, Evidence, derive_inventory, score_of, submissions_of
from runner.grading.report import Sandbox
from runner.grading.service import GradingOptions, run_suite
from runner.limits import Limits
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage, Files
from runner.packages.scaffold import scaffold
from runner.submissions.model import Submission
from tests.support.runtimes import patient

#: Part of every hidden test: an assertion whose text, for assessors only, has the canary in it.
_ASSERTS_WITH_CANARY = b"""

@pytest.fixture(autouse=True)
def _canary(client):
    assert client.get("/loans").status_code == 200, CANARY
"""


@dataclass(frozen=True)
class Target:
    """A package with a canary in its hidden suite, an honest fix, and a mistake that earns some of the points."""

    package: ChallengePackage
    canary: str
    honest: Submission
    partial: Files
    partial_score: int
    limits: Limits

    def base(self, onto: str) -> tuple[Files, int]:
        """The files and the score of what an attack is laid over."""
        return ({}, 0) if onto == "starter" else (self.partial, self.partial_score)


def make_target(folder: Path, sandbox: Sandbox, *, gvisor: bool) -> Target:
    """Make the package and derive its inventory, with a run of the starter, of each fix and of each mistake.

    Its deadlines have patience with a slow runtime; `limits` is as it was made.
    """
    files = scaffold("late-fees", "Late fees")
    for path, data in files.items():
        place = folder / "late-fees" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    package = load_package(folder / "late-fees")
    package = replace(package, manifest=package.manifest.model_copy(update={"editable": ("**",)}))
    limits = package.manifest.limits
    manifest = package.manifest.model_copy(update={"limits": patient(limits, gvisor=gvisor)})
    package = replace(package, manifest=manifest)
    submissions, problems = submissions_of(package)
    assert not problems
    wanted = {name: each for name, each in submissions.items() if not name.startswith("degenerate/")}
    reports = {name: run_suite(package, each, sandbox, GradingOptions(seed=1)) for name, each in wanted.items()}
    fixes = {name.removeprefix("fixes/"): [each] for name, each in reports.items() if name.startswith("fixes/")}
    inventory, problems = derive_inventory(package, Evidence(reports[STARTER], fixes, {}, {}))
    assert inventory is not None
    assert not problems
    scores = {
        name.removeprefix("mistakes/"): score_of(package, inventory, report)
        for name, report in reports.items()
        if name.startswith("mistakes/")
    }
    partial = partial_base(package, scores)
    canary = new_canary()
    return Target(
        package=with_canary(_asserting(replace(package, inventory=inventory)), canary),
        canary=canary,
        honest=submissions[sorted(name for name in wanted if name.startswith("fixes/"))[0]],
        partial=package.mistakes[partial].files,
        partial_score=scores[partial],
        limits=limits,
    )


def _asserting(package: ChallengePackage) -> ChallengePackage:
    hidden = dict(package.hidden)
    hidden["conftest.py"] += _ASSERTS_WITH_CANARY
    return replace(package, hidden=hidden)
