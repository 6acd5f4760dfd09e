"""What of a package is checked: the folder as it stands, the same with each other bug, and some variants. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from runner.errors import Problem
from runner.packages.manifest import MANIFEST
from runner.packages.package import ChallengePackage
from runner.packages.rewording import package_of
from runner.packages.variant import BASE, Variant, sampled

BUGS = "bugs"


@dataclass(frozen=True)
class Edition:
    """A package to check. `package` has variants itself where `variant` is `base`, and nowhere else."""

    variant: Variant
    package: ChallengePackage

    @property
    def folder(self) -> str:
        """Where its own files lie in the package's folder, `bugs/<name>/` or nothing."""
        return f"{BUGS}/{self.variant.bug}/" if self.variant.bug else ""

    @property
    def is_written(self) -> bool:
        """Whether it is as its files stand. One in other words has nothing of its own, an inventory neither."""
        return not self.variant.values

    def told(self, problem: Problem) -> Problem:
        """A problem of this edition as one of the package."""
        if self.variant == BASE:
            return problem
        if self.is_written and problem.file != MANIFEST:
            return replace(problem, file=self.folder + problem.file)
        return replace(problem, message=f"in the variant {self.variant}: {problem.message}")


def editions_of(package: ChallengePackage) -> Iterator[Edition]:
    """The folder as it stands first, then each bug, then variants that have each value of each variation."""
    yield Edition(BASE, package)
    for variant in sampled(package.manifest):
        if variant.bug is not None and variant.bug not in package.bugs:
            continue  # its folder is missing, which the loader tells
        yield Edition(variant, package_of(package, variant))
