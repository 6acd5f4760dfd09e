"""A challenge package as one immutable value, content and all. How a folder becomes one is `runner.packages.loader`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from runner.packages.certificate import Certificate, Certified
from runner.packages.inventory import Inventory
from runner.packages.manifest import Manifest
from runner.packages.mutants import Equivalent

Files = Mapping[str, bytes]
#: Which words are spelt right, what the starter is expected to do, and what others get instead, decides no grade.
_NOT_GRADED_BY: Mapping[str, Any] = {"words": True, "app": {"starter_starts"}, "variations": True, "bugs": True}


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
    certificate: Certificate | None = None
    #: The whole package as it is where another bug is seeded, by the bug's name. None of them has bugs or variations.
    bugs: Mapping[str, ChallengePackage] = field(default_factory=dict)
    #: Of a package that has variants, the text of the one that this is; None for the whole of it, and for any other.
    variant: str | None = None

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
                "manifest": self.manifest.model_dump_json(exclude=_NOT_GRADED_BY).encode(),
                "inventory": inventory.encode(),
            }
        )

    @cached_property
    def content_digest(self) -> str:
        """Digest of all that a certificate speaks of: what decides a grade, and what people read or argue with."""
        mistakes = {
            f"mistakes/{name}/{path}": data for name, each in self.mistakes.items() for path, data in each.files.items()
        }
        claims = {name: [each.summary, *each.must_fail] for name, each in sorted(self.mistakes.items())}
        return digest_of_files(
            {
                **mistakes,
                **self._variations(),
                "digest": self.digest.encode(),
                "brief": self.brief.encode(),
                "notes": self.notes.encode(),
                "claims": json.dumps(claims).encode(),
                "equivalent": json.dumps([each.model_dump() for each in self.equivalent]).encode(),
            }
        )

    def _variations(self) -> Files:
        """What a certificate speaks of beside the folder as it stands; nothing in a package that has no variants."""
        if not self.manifest.varies:
            return {}
        declared = self.manifest.model_dump_json(include={"variations": True, "bugs": True})
        bugs = {f"bugs/{name}": package.content_digest.encode() for name, package in self.bugs.items()}
        return {"variations": declared.encode(), **bugs}

    @property
    def certified(self) -> Certified:
        """Whether it has a certificate, and one for its present content."""
        if self.certificate is None:
            return Certified.NONE
        return Certified.CURRENT if self.certificate.digest == self.content_digest else Certified.STALE
