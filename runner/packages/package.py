"""A challenge package as one immutable value, content and all. How a folder becomes one is `runner.packages.loader`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from runner.packages.inventory import Inventory
from runner.packages.manifest import Manifest
from runner.packages.mutants import Equivalent

Files = Mapping[str, bytes]


def digest_of_files(files: Files) -> str:
    """`sha256:…` over paths and contents in path order; the same for the same files however they came."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path}\0{len(files[path])}\0".encode())
        total.update(files[path])
    return f"sha256:{total.hexdigest()}"


@dataclass(frozen=True)
class Mistake:
    """A plausible wrong fix: its changed files, what it gets wrong, and the hidden tests that must catch it."""

    name: str
    files: Files
    summary: str
    must_fail: tuple[str, ...]


@dataclass(frozen=True)
class ChallengePackage:
    """All that a package holds. File maps have POSIX paths relative to their own folder (`starter/`, `hidden/`, …)."""

    slug: str
    manifest: Manifest
    brief: str
    notes: str
    starter: Files
    harness: bytes
    hidden: Files
    fixes: Mapping[str, Files]
    mistakes: Mapping[str, Mistake]
    inventory: Inventory | None = field(default=None)
    equivalent: tuple[Equivalent, ...] = ()

    @cached_property
    def evidence_digest(self) -> str:
        """Digest of what the inventory is derived from: starter, harness, hidden suite and reference fixes."""
        return digest_of_files(
            {
                **{f"starter/{path}": data for path, data in self.starter.items()},
                "harness.py": self.harness,
                **{f"hidden/{path}": data for path, data in self.hidden.items()},
                **{f"fixes/{name}/{path}": data for name, files in self.fixes.items() for path, data in files.items()},
            }
        )

    @cached_property
    def digest(self) -> str:
        """Digest of all that decides a grade: the evidence, the manifest and the inventory."""
        inventory = self.inventory.model_dump_json() if self.inventory else ""
        return digest_of_files(
            {
                "evidence": self.evidence_digest.encode(),
                "manifest": self.manifest.model_dump_json().encode(),
                "inventory": inventory.encode(),
            }
        )
