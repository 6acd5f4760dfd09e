"""Which of a package's submissions to run again after a change. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from runner.grading.proof import STARTER
from runner.packages.package import ChallengePackage


def names_of(package: ChallengePackage) -> list[str]:
    """All that can be run, as `check` names them: reference fixes, mistakes, the starter."""
    fixes = [f"fixes/{name}" for name in sorted(package.fixes)]
    return [*fixes, *(f"mistakes/{name}" for name in sorted(package.mistakes)), STARTER]


def changed(before: ChallengePackage, after: ChallengePackage, shown: Sequence[str]) -> list[str]:
    """What to run again: the fixes and mistakes that changed; what was `shown` last, when what all share did.

    `shown` holds only what is still there, and the first reference fix when nothing is left of it.
    """
    known = names_of(after)
    kept = [name for name in shown if name in known] or known[:1]
    if (before.starter, before.harness, before.hidden, before.manifest) != (
        after.starter,
        after.harness,
        after.hidden,
        after.manifest,
    ):
        return kept
    own = [f"fixes/{name}" for name, files in sorted(after.fixes.items()) if before.fixes.get(name) != files]
    own += [f"mistakes/{name}" for name, each in sorted(after.mistakes.items()) if before.mistakes.get(name) != each]
    return own
