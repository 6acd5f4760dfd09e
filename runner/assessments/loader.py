"""Reads assessments from a folder of TOML files."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from runner.assessments.model import Assessment, faults
from runner.errors import MendboxError, PackageInvalid, Problem
from runner.packages.authored import read_toml
from runner.packages.finder import list_challenges
from runner.packages.manifest import MANIFEST, SLUG, Manifest

#: A file that is longer was meant for something else.
_MOST_BYTES = 256 * 1024


def list_assessments(root: Path) -> list[Path]:
    """The files below `root` that hold an assessment, by name. None when there is no such folder."""
    return sorted(root.glob("*.toml")) if root.is_dir() else []


def find_assessment(name: str, root: Path) -> Path:
    """The file of that name. Raises MendboxError."""
    files = {file.stem: file for file in list_assessments(root)}
    if name in files:
        return files[name]
    close = get_close_matches(name, files, 1)
    raise MendboxError(
        f"there is no assessment {name} under {root}",
        hint=f"did you mean {close[0]}?" if close else "see what there is: mendbox assessment list",
    )


def manifests_in(root: Path) -> Mapping[str, Manifest]:
    """The manifests of the challenges below `root` by slug; one that can't be read is left out."""
    found: dict[str, Manifest] = {}
    for folder in list_challenges(root):
        manifest = read_toml({MANIFEST: (folder / MANIFEST).read_bytes()}, MANIFEST, Manifest, [])
        if manifest is not None:
            found[folder.name] = manifest
    return found


def diagnose_assessment(file: Path, manifests: Mapping[str, Manifest]) -> tuple[Assessment | None, list[Problem]]:
    """The assessment, None when its form is wrong, and everything that is wrong with it."""
    problems: list[Problem] = []
    if not SLUG.fullmatch(file.stem):
        problems.append(Problem(file.name, "", "can't name an assessment; use small letters, digits and hyphens"))
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        return None, [Problem(file.name, "", f"can't be read: {error.strerror}")]
    if len(data) > _MOST_BYTES:
        return None, [Problem(file.name, "", f"has more than {_MOST_BYTES // 1024} KiB; it is no assessment")]
    assessment = read_toml({file.name: data}, file.name, Assessment, problems)
    if assessment is not None:
        problems += faults(assessment, manifests, file.name)
    return assessment, problems


def load_assessment(file: Path, manifests: Mapping[str, Manifest]) -> Assessment:
    """The assessment in the file. Raises PackageInvalid with every problem that was found."""
    assessment, problems = diagnose_assessment(file, manifests)
    if assessment is None or problems:
        raise PackageInvalid(file.stem, problems)
    return assessment
