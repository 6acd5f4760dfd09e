"""A package that is right in everything, and the means to spoil it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from runner.errors import Problem
from runner.packages.certificate import Certificate, MutationScore, ProposedLimits, TimedTest
from runner.packages.diagnose import diagnose
from runner.packages.loader import parse_package
from runner.packages.package import ChallengePackage
from runner.packages.scaffold import scaffold
from runner.packages.tree import Tree

SLUG = "late-fees"
GOOD: Mapping[str, bytes] = scaffold(SLUG, "Late fees")


def tree_of(files: Mapping[str, bytes]) -> Tree:
    """The files as if read from a folder, with the folders that their paths imply."""
    folders = {path.rsplit("/", end)[0] for path in files for end in range(1, path.count("/") + 1)}
    return Tree(files=dict(files), folders=sorted(folders))


def parsed(files: Mapping[str, bytes], slug: str = SLUG) -> tuple[ChallengePackage | None, list[Problem]]:
    """The package and its problems of form."""
    return parse_package(slug, tree_of(files))


def with_inventory(files: Mapping[str, bytes], **changes: object) -> dict[str, bytes]:
    """The files with an inventory that fits them, but for `changes` to its keys."""
    package, _ = parsed({path: data for path, data in files.items() if path != "inventory.json"})
    assert package is not None
    ids = sorted({test for mistake in package.mistakes.values() for test in mistake.must_fail})
    tests = [{"id": each, "requirement": "R1", "kind": "fix"} for each in ids]
    inventory = {"format": 1, "derived_from": package.evidence_digest, "tests": tests, **changes}
    return {**files, "inventory.json": json.dumps(inventory).encode()}


def problems_of(changes: Mapping[str, bytes | None], *, fresh: bool = True) -> list[str]:
    """What loader and checks say of the good package with some files changed, added or (None) taken out."""
    files = {path: data for path, data in {**GOOD, **changes}.items() if data is not None}
    package, problems = parsed(with_inventory(files) if fresh else files)
    return [str(problem) for problem in (*problems, *(diagnose(package) if package else ()))]


def certificate(digest: str) -> Certificate:
    """One for the content of that digest."""
    return Certificate(
        digest=digest,
        mendbox="1.0",
        runs=20,
        surroundings=("here",),
        tests=(TimedTest(id="test_fees.py::test_x", p95_s=0.1),),
        proposed=ProposedLimits(app_start_s=2, test_s=2, grading_s=5),
        mutation=MutationScore(killed=9, survived=1, equivalent=0),
    )
