"""The challenges this platform offers, read once and again when a file of theirs changed.

A package is reread when the path, size or time of any of its files differs from when it was read. Looking costs some
microseconds for each file, so it is done at most once in `LOOK_EVERY_S`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import structlog

from api.starter_archive import StarterArchive, pack_starter
from runner.errors import ChallengeNotFound, NoChallenges, PackageInvalid, Problem
from runner.packages.fingerprint import Fingerprint, fingerprint_of
from runner.packages.manifest import SLUG
from runner.packages.package import ChallengePackage
from runner.packages.rewording import MOST_VARIANTS, variant_kept
from runner.submissions.git_starter import Repository, starter_repository

#: How long a package is used without looking whether its files changed.
LOOK_EVERY_S = 1.0
_log = structlog.get_logger("mendbox.api")


@dataclass(frozen=True)
class Challenge:
    """A package with what is derived from it."""

    package: ChallengePackage

    def variant(self, text: str | None) -> Challenge:
        """The challenge as somebody with this variant has it; None: as its folder stands.

        Raises PackageInvalid where the package has it no more.
        """
        if not self.package.manifest.varies and text is None:
            return self
        return self._variant(text)

    @cached_property
    def _variant(self) -> Callable[[str | None], Challenge]:
        return lru_cache(MOST_VARIANTS)(lambda text: Challenge(variant_kept(self.package, text)))

    @cached_property
    def starter(self) -> StarterArchive:
        """The starter as candidates download it."""
        return pack_starter(self.package.slug, self.package.starter)

    @cached_property
    def repository(self) -> Repository:
        """The starter as candidates clone it."""
        return starter_repository(self.package.slug, self.package.starter)


@dataclass(slots=True)
class _Kept:
    fingerprint: Fingerprint
    looked_s: float
    result: Challenge | tuple[Problem, ...]


class Catalogue:
    """Challenges under one folder, by slug. Safe to share between threads."""

    def __init__(
        self,
        root: Path,
        load: Callable[[Path], ChallengePackage],
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._root = root
        self._load = load
        self._clock_s = clock_s
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def get(self, slug: str) -> Challenge:
        """The challenge. Raises ChallengeNotFound, PackageInvalid for one that can't be used, or NoChallenges."""
        with _readable(self._root):
            return self._get(slug)

    def _get(self, slug: str) -> Challenge:
        folder = self._folder(slug)
        with self._lock:
            kept = self._kept.get(slug)
            now_s = self._clock_s()
            if kept is None or now_s - kept.looked_s >= LOOK_EVERY_S:
                fingerprint = fingerprint_of(folder)
                if kept is None or kept.fingerprint != fingerprint:
                    kept = _Kept(fingerprint, now_s, self._read(folder))
                    self._kept[slug] = kept
                kept.looked_s = now_s
        if isinstance(kept.result, Challenge):
            return kept.result
        # A new one each time: an exception that is kept gathers the frames of all that it was raised through.
        raise PackageInvalid(slug, kept.result)

    def check(self) -> None:
        """Raises NoChallenges when not one can be read: no submission could be taken."""
        if next(self._usable(), None) is None:
            raise NoChallenges(f"there is no challenge under {self._root} that can be read")

    def usable(self) -> list[Challenge]:
        """All challenges that can be read, by slug. One that can't is logged, the others are still there."""
        return list(self._usable())

    def broken(self) -> list[tuple[str, tuple[Problem, ...]]]:
        """Challenges that can't be used, by slug, and why."""
        found = []
        for slug in self._slugs():
            try:
                self.get(slug)
            except ChallengeNotFound:
                continue
            except PackageInvalid as error:
                found.append((slug, tuple(error.problems)))
        return found

    def _usable(self) -> Iterator[Challenge]:
        for slug in self._slugs():
            try:
                yield self.get(slug)
            except ChallengeNotFound:
                continue
            except PackageInvalid as error:
                _log.error("challenge is invalid", challenge=slug, problems=[str(p) for p in error.problems])

    def _slugs(self) -> list[str]:
        with _readable(self._root):
            try:
                return sorted(
                    entry.name for entry in os.scandir(self._root) if entry.is_dir() and SLUG.fullmatch(entry.name)
                )
            except FileNotFoundError:
                return []

    def _folder(self, slug: str) -> Path:
        # The slug comes from outside: it is held to its form before it becomes a part of any path.
        if not SLUG.fullmatch(slug) or not (self._root / slug / "challenge.toml").is_file():
            raise unknown_challenge()
        return self._root / slug

    def _read(self, folder: Path) -> Challenge | tuple[Problem, ...]:
        try:
            return Challenge(self._load(folder))
        except PackageInvalid as error:
            return error.problems


@contextmanager
def _readable(root: Path) -> Iterator[None]:
    """Turns what a disk that fails, or forbids reading, raises into a fault of the platform."""
    try:
        yield
    except OSError as error:
        raise NoChallenges(f"{root} can't be read: {error}") from error


def unknown_challenge() -> ChallengeNotFound:
    """What is raised for a challenge that is not there and for one that the caller must not know of: the same."""
    return ChallengeNotFound(
        "there is no challenge of that name that this token may see",
        hint="GET /api/v1/challenges lists those there are",
    )
