"""Challenge packages, read once and again when a file of theirs changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.packages.finder import find_challenge
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage

#: What a folder's files look like from outside: path, time of change in ns, size in bytes.
Fingerprint = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    fingerprint: Fingerprint
    package: ChallengePackage


class PackageCache:
    """Packages under one root. Looking at the files' times costs a millisecond, reading them some dozens."""

    def __init__(self, root: Path, load: Callable[[Path], ChallengePackage] = load_package) -> None:
        self._root = root
        self._load = load
        self._entries: dict[str, _Entry] = {}

    def get(self, slug: str) -> ChallengePackage:
        """The package as it is on disk now. Raises ChallengeNotFound, PackageInvalid."""
        folder = find_challenge(slug, self._root)
        # Taken before the files are read: a change meanwhile is seen the next time, not missed.
        fingerprint = tuple(sorted(_fingerprint(os.fspath(folder))))
        entry = self._entries.get(slug)
        if entry is None or entry.fingerprint != fingerprint:
            entry = _Entry(fingerprint, self._load(folder))
            self._entries[slug] = entry
        return entry.package


def _fingerprint(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in ("__pycache__", ".pytest_cache"):
                    yield from _fingerprint(entry.path)
            else:
                status = entry.stat(follow_symlinks=False)
                yield entry.path, status.st_mtime_ns, status.st_size
