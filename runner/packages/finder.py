"""Finds challenge packages by slug or path, and lists a folder of them."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from runner.errors import ChallengeNotFound, MendboxError
from runner.packages.loader import BRIEF, HARNESS, MISTAKE
from runner.packages.manifest import MANIFEST, SLUG, Manifest


def list_challenges(root: Path) -> list[Path]:
    """The folders below `root` that hold a `challenge.toml`, by name. None when there is no such folder."""
    if not root.is_dir():
        return []
    return sorted(folder for folder in root.iterdir() if (folder / MANIFEST).is_file())


def services_in(root: Path) -> set[tuple[str, ...]]:
    """The services that challenges below `root` bring, those of one challenge together, sorted by name.

    A challenge whose manifest can't be read brings none: it can't be graded either.
    """
    kinds: set[tuple[str, ...]] = set()
    for folder in list_challenges(root):
        with suppress(OSError, ValueError):
            manifest = Manifest.model_validate(tomllib.loads((folder / MANIFEST).read_text("utf-8")))
            kinds.add(manifest.services)
            kinds |= {bug.services for bug in manifest.bugs if bug.services is not None}
    return kinds - {()}


def challenges_to_check(root: Path) -> list[Path]:
    """Every package below `root`, broken ones too. Raises ChallengeNotFound when there is none."""
    folders = [folder for folder in root.iterdir() if _is_meant_as_package(folder)] if root.is_dir() else []
    if not folders:
        raise _no_challenge(root)
    return sorted(folders)


def require_challenges(root: Path) -> None:
    """Raise ChallengeNotFound when `root` holds no challenge at all: whoever grades from there would fail all."""
    if not list_challenges(root):
        raise _no_challenge(root)


def _no_challenge(root: Path) -> ChallengeNotFound:
    return ChallengeNotFound(
        f"there is no challenge under {root}",
        hint="name the folder of challenges by MENDBOX_CHALLENGES, or make one: mendbox challenge new",
    )


def find_folder(name: str, root: Path) -> Path:
    """As `find_challenge`, but a package whose manifest is missing is found, too: what is wrong can then be told."""
    try:
        return find_challenge(name, root)
    except ChallengeNotFound:
        for folder in (root / name, Path(name)):
            if _is_meant_as_package(folder):
                return folder
        raise


def _is_meant_as_package(folder: Path) -> bool:
    return any((folder / name).exists() for name in (MANIFEST, BRIEF, HARNESS, "hidden"))


def find_challenge(name: str, root: Path) -> Path:
    """The folder of the package `name`: a slug below `root`, or a path to a package.

    Raises ChallengeNotFound, with slugs that are nearly the same as a hint.
    """
    if SLUG.fullmatch(name) and (root / name / MANIFEST).is_file():
        return root / name
    folder = Path(name)
    if folder.is_file() and folder.name == MANIFEST:
        folder = folder.parent
    if (folder / MANIFEST).is_file():
        return folder
    raise ChallengeNotFound(f"there is no challenge {name!r} under {root}", hint=_hint(name, root))


def _hint(name: str, root: Path) -> str:
    slugs = [folder.name for folder in list_challenges(root)]
    if near := get_close_matches(name, slugs, n=3):
        return f"did you mean {' or '.join(near)}?"
    if slugs:
        return f"there are: {', '.join(slugs)}; or give the path of a package's folder"
    return (
        "name the folder of challenges by MENDBOX_CHALLENGES, give a package's path, or make one: mendbox challenge new"
    )


def slug_of(name: str) -> str:
    """The slug of what `find_challenge` would find, for asking another machine; a name that is none stays as it is."""
    folder = Path(name)
    if SLUG.fullmatch(name) or not (folder / MANIFEST).is_file():
        return name
    return folder.resolve().name


def own_files(folder: Path, slug: str) -> frozenset[str]:
    """Files at the top of `folder` that belong to the challenge `slug` and are no part of a fix.

    In `<slug>/mistakes/<name>`, or a bug's, that is the mistake's own description; anywhere else there is none.
    """
    place = folder.resolve()
    package = place.parent.parent
    if package.parent.name == "bugs":
        package = package.parent.parent
    if place.parent.name == "mistakes" and package.name == slug and (package / MANIFEST).is_file():
        return frozenset({MISTAKE})
    return frozenset()


def write_new_package(folder: Path, files: dict[str, bytes]) -> None:
    """Write a new package's files. Raises MendboxError when `folder` is there already: nothing is ever overwritten."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise MendboxError(f"{folder} is there already", hint="choose another slug, or remove the folder") from None
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
