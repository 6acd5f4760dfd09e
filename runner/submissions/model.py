"""A normalised submission: the changed files only, content-addressed: one change, one digest, however sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from runner.packages.package import digest_of_files


@dataclass(frozen=True)
class Submission:
    """Files that differ from the starter, by POSIX path.

    `left_out` names what the upload held and tools had left behind (`.git/`, `*.pyc`, …), for people to read; it is
    no part of the digest.
    """

    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def digest(self) -> str:
        """`sha256:…` over the changed files."""
        return digest_of_files(self.files)

    @property
    def paths(self) -> list[str]:
        """The changed paths, sorted."""
        return sorted(self.files)
