"""Challenge packages, read once and again when a file of theirs changed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from runner.errors import ChallengeNotFound, NoChallenges, PackageInvalid, Problem
from runner.packages.finder import find_challenge, require_challenges
from runner.packages.fingerprint import Fingerprint, fingerprint_of
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from runner.packages.rewording import MOST_VARIANTS, variant_kept

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Entry:
    """A package, and such of its variants as were asked for, by their text."""

    fingerprint: Fingerprint
    package: ChallengePackage

    @cached_property
    def variant(self) -> Callable[[str | None], ChallengePackage]:
        """Raises PackageInvalid for one that the package, as it is now, does not have."""
        return lru_cache(MOST_VARIANTS)(lambda text: variant_kept(self.package, text))


class PackageCache:
    """Packages under one root. Looking at the files' times costs a millisecond, reading them some dozens."""

    def __init__(self, root: Path, load: Callable[[Path], ChallengePackage] = load_package) -> None:
        self._root = root
        self._load = load
        self._entries: dict[str, _Entry] = {}
        self._told: set[tuple[str, str | None]] = set()

    def check(self) -> None:
        """Raises NoChallenges when there is none to grade with."""
        try:
            require_challenges(self._root)
        except ChallengeNotFound as error:
            raise NoChallenges(error.message, hint=error.hint) from error
        except OSError as error:
            raise NoChallenges(f"{self._root} can't be read: {error}") from error

    def get(self, slug: str, variant: str | None = None) -> ChallengePackage:
        """The package, or the variant of it, as it is on disk now.

        Raises ChallengeNotFound, PackageInvalid, or NoChallenges.
        """
        try:
            package = self._readable(slug).variant(variant)
        except (ChallengeNotFound, PackageInvalid) as error:
            self.check()
            # Once: gradings of it come back every few seconds.
            if (slug, variant) not in self._told:
                self._told.add((slug, variant))
                _log.error("gradings of the challenge %s must wait: %s", slug, error.message)
            raise
        self._told.discard((slug, variant))
        return package

    def _readable(self, slug: str) -> _Entry:
        try:
            return self._read(slug)
        except OSError as error:
            self.check()
            raise PackageInvalid(slug, [Problem("", "", f"can't be read: {error}")]) from error

    def _read(self, slug: str) -> _Entry:
        folder = find_challenge(slug, self._root)
        # Taken before the files are read: a change meanwhile is seen the next time, not missed.
        fingerprint = fingerprint_of(folder)
        entry = self._entries.get(slug)
        if entry is None or entry.fingerprint != fingerprint:
            entry = _Entry(fingerprint, self._load(folder))
            self._entries[slug] = entry
        return entry
