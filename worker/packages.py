"""Challenge packages, read once and again when a file of theirs changed."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.errors import ChallengeNotFound, PackageInvalid, PlatformFault
from runner.packages.finder import find_challenge, require_challenges
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage

_log = logging.getLogger(__name__)
#: What a folder's files look like from outside: path, time of change in ns, size in bytes.
Fingerprint = tuple[tuple[str, int, int], ...]


class NoChallenges(PlatformFault):
    """The folder of challenges is empty or not there, as when it is on a disk that was not mounted."""


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
        self._told: set[str] = set()

    def check(self) -> None:
        """Raises NoChallenges when there is none to grade with."""
        try:
            require_challenges(self._root)
        except ChallengeNotFound as error:
            raise NoChallenges(error.message, hint=error.hint) from error

    def get(self, slug: str) -> ChallengePackage:
        """The package as it is on disk now. Raises ChallengeNotFound, PackageInvalid, or NoChallenges."""
        try:
            package = self._read(slug)
        except (ChallengeNotFound, PackageInvalid) as error:
            self.check()
            # Once: gradings of it come back every few seconds.
            if slug not in self._told:
                self._told.add(slug)
                _log.error("gradings of the challenge %s must wait: %s", slug, error.message)
            raise
        self._told.discard(slug)
        return package

    def _read(self, slug: str) -> ChallengePackage:
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
