"""`uv.lock`, read: which packages, at which versions, from where, as which files with which hashes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file of a distribution: where it is, and its SHA-256 in hex ("" where the lock has none)."""

    url: str
    sha256: str

    @property
    def filename(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def tags(self) -> frozenset[str]:
        """What a wheel's name says of where it fits: `cp313-cp313-manylinux_2_28_x86_64`, one for each platform."""
        parts = self.filename.removesuffix(".whl").split("-")[-3:]
        return frozenset("-".join(each) for each in product(*(part.split(".") for part in parts)))


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """One `[[package]]`: `source` is its kind and its value, such as `("registry", "https://…")`."""

    name: str
    version: str
    source: tuple[str, str]
    wheels: tuple[Artifact, ...]
    sdist: Artifact | None
    dependencies: frozenset[str]

    def wheel_with(self, tags: frozenset[str]) -> Artifact | None:
        """The one wheel that carries these tags, as an installed package's `WHEEL` file names them, or None.

        A wheel's name may say less than its `WHEEL` file or more, so sharing one tag is enough where only one does.
        """
        same = [wheel for wheel in self.wheels if wheel.tags == tags]
        found = same or [wheel for wheel in self.wheels if wheel.tags & tags]
        return found[0] if len(found) == 1 else None


def read_lock(path: Path) -> tuple[LockedPackage, ...]:
    """Every package of the lock file. Raises OSError, and ValueError when it is no lock file."""
    return tuple(_package(entry) for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("package", []))


def _package(entry: Mapping[str, Any]) -> LockedPackage:
    ((kind, value),) = entry["source"].items()
    return LockedPackage(
        name=entry["name"],
        version=entry.get("version", ""),
        source=(kind, value),
        wheels=tuple(_artifact(wheel) for wheel in entry.get("wheels", [])),
        sdist=_artifact(entry["sdist"]) if "sdist" in entry else None,
        dependencies=frozenset(each["name"] for each in entry.get("dependencies", [])),
    )


def _artifact(entry: Mapping[str, Any]) -> Artifact:
    algorithm, _, digest = entry.get("hash", "").partition(":")
    return Artifact(str(entry.get("url", entry.get("path", ""))), digest if algorithm == "sha256" else "")
