"""Reads a challenge package from its folder. The folder format is this:

    <slug>/
      challenge.toml            see runner.packages.manifest
      brief.md                  for the candidate
      notes.md                  for assessors
      harness.py                see runner.inside.harness
      starter/**                what the candidate downloads
      hidden/**                 the hidden pytest suite
      fixes/<name>/**           reference fixes: changed files only, by their path below starter/
      mistakes/<name>/**        wrong fixes, the same way, and beside their files:
      mistakes/<name>/mistake.toml     summary = "…", must_fail = ["test_file.py::test_name", …]
      inventory.json            written by `mendbox challenge check --write`
      certificate.json          written by `mendbox challenge check --certify`

Anything else at the top is a problem: it would be a misspelt name, or content that nobody grades. The loader has no
opinion on whether the challenge is any good; `runner.packages.diagnose` has.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from runner.errors import ChallengeNotFound, PackageInvalid, Problem
from runner.packages.certificate import CERTIFICATE, Certificate, Certified, command_to_certify
from runner.packages.inventory import Inventory, command_to_derive
from runner.packages.manifest import SLUG, Manifest, Strict, Text
from runner.packages.mutants import MUTANTS, Equivalent, MutantsTable
from runner.packages.package import ChallengePackage, Files, Mistake
from runner.packages.tree import Tree, read_tree

MANIFEST, BRIEF, NOTES, HARNESS, INVENTORY = "challenge.toml", "brief.md", "notes.md", "harness.py", "inventory.json"
MISTAKE = "mistake.toml"
_FILES = (MANIFEST, BRIEF, NOTES, HARNESS)
_OPTIONAL = (INVENTORY, CERTIFICATE, MUTANTS)
_FOLDERS = ("starter", "hidden", "fixes", "mistakes")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_Model = TypeVar("_Model", bound=BaseModel)


class MistakeTable(Strict):
    """`mistake.toml`."""

    summary: Text
    must_fail: tuple[Annotated[str, StringConstraints(min_length=1)], ...] = Field(min_length=1)


def load_package(folder: Path) -> ChallengePackage:
    """The package in `folder`, whose name is its slug.

    Raises ChallengeNotFound when there is no such folder, PackageInvalid with every problem that was found.
    """
    slug = folder.resolve().name
    if not folder.is_dir():
        raise ChallengeNotFound(f"there is no folder {folder}", hint="see what there is: mendbox challenge list")
    package, problems = parse_package(slug, read_tree(folder))
    if package is None or problems:
        raise PackageInvalid(slug, problems)
    return package


def load_certified(folder: Path) -> ChallengePackage:
    """As `load_package`, but only with a certificate for its present content. Raises PackageInvalid for others, too."""
    package = load_package(folder)
    if package.certified is Certified.CURRENT:
        return package
    missing = package.certified is Certified.NONE
    said = "is missing" if missing else "is for other content than the package has now"
    raise PackageInvalid(package.slug, [Problem(CERTIFICATE, "", f"{said}; run: {command_to_certify(package.slug)}")])


def parse_package(slug: str, tree: Tree) -> tuple[ChallengePackage | None, list[Problem]]:
    """The package as far as it can be understood, and all that is wrong with its form. Pure."""
    problems = list(tree.problems)
    if not SLUG.fullmatch(slug):
        problems.append(
            Problem(".", "", f"the folder's name {slug!r} is no slug; use small letters, digits and hyphens")
        )
    problems += _entry_problems(tree)
    manifest = _toml(tree.files, MANIFEST, Manifest, problems)
    brief = _text(tree.files, BRIEF, problems)
    notes = _text(tree.files, NOTES, problems)
    inventory = _derived(tree.files, INVENTORY, Inventory, command_to_derive(slug), problems)
    fixes = _named(tree, "fixes", problems)
    mistakes = _mistakes(_named(tree, "mistakes", problems), problems)
    if manifest is None:
        return None, problems
    problems += [Problem(MANIFEST, "requirements", fault) for fault in manifest.requirement_faults()]
    package = ChallengePackage(
        slug=slug,
        manifest=manifest,
        brief=brief,
        notes=notes,
        starter=below(tree.files, "starter/"),
        harness=tree.files.get(HARNESS, b""),
        hidden=below(tree.files, "hidden/"),
        fixes=fixes,
        mistakes=mistakes,
        inventory=inventory,
        equivalent=_equivalent(tree.files, problems),
        certificate=_derived(tree.files, CERTIFICATE, Certificate, command_to_certify(slug), problems),
    )
    return package, problems


def _entry_problems(tree: Tree) -> list[Problem]:
    tops = {path.split("/", 1)[0] for path in (*tree.files, *tree.folders)}
    problems = [Problem(name, "", "is missing; add it") for name in _FILES if name not in tree.files]
    for folder in _FOLDERS:
        if not any(path.startswith(folder + "/") for path in tree.files):
            problems.append(Problem(folder + "/", "", "is missing or empty; add it with its files"))
    for name in sorted(tops - {*_FILES, *_FOLDERS, *_OPTIONAL}):
        known = ", ".join((*_FILES, *_OPTIONAL, *(folder + "/" for folder in _FOLDERS)))
        problems.append(Problem(name, "", f"is not part of a package; known here: {known}"))
    return problems


def _equivalent(files: Files, problems: list[Problem]) -> tuple[Equivalent, ...]:
    if MUTANTS not in files:
        return ()
    table = _toml(files, MUTANTS, MutantsTable, problems)
    return table.equivalent if table is not None else ()


def below(files: Files, prefix: str) -> dict[str, bytes]:
    """The files whose paths begin with `prefix`, by the rest of their paths."""
    return {path[len(prefix) :]: data for path, data in files.items() if path.startswith(prefix)}


def _named(tree: Tree, folder: str, problems: list[Problem]) -> dict[str, dict[str, bytes]]:
    """The file maps of each `folder/<name>/`."""
    named: dict[str, dict[str, bytes]] = {}
    for path, data in below(tree.files, folder + "/").items():
        name, slash, rest = path.partition("/")
        if not slash:
            problems.append(Problem(f"{folder}/{path}", "", f"lies beside the {folder}; put it into {folder}/<name>/"))
            continue
        named.setdefault(name, {})[rest] = data
    for path in tree.folders:
        if path.startswith(folder + "/") and path.count("/") == 1 and path.split("/")[1] not in named:
            problems.append(Problem(path, "", "is empty; add the changed files, or take it out"))
    for name in named:
        if not _NAME.fullmatch(name):
            problems.append(Problem(f"{folder}/{name}", "", "is no usable name; use small letters, digits and hyphens"))
    return named


def _mistakes(named: Mapping[str, dict[str, bytes]], problems: list[Problem]) -> dict[str, Mistake]:
    mistakes: dict[str, Mistake] = {}
    for name, files in named.items():
        place = f"mistakes/{name}/{MISTAKE}"
        if MISTAKE not in files:
            problems.append(Problem(place, "", "is missing; add it with summary and must_fail"))
            continue
        table = _toml({place: files[MISTAKE]}, place, MistakeTable, problems)
        if table is not None:
            overlay = {path: data for path, data in files.items() if path != MISTAKE}
            mistakes[name] = Mistake(name, overlay, table.summary, table.must_fail)
    return mistakes


def _text(files: Files, path: str, problems: list[Problem]) -> str:
    try:
        return files.get(path, b"").decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(Problem(path, "", f"is not UTF-8 at byte {error.start}; save it as UTF-8"))
        return ""


def _toml(files: Files, path: str, model: type[_Model], problems: list[Problem]) -> _Model | None:
    if path not in files:
        return None
    before = len(problems)
    text = _text(files, path, problems)
    if len(problems) > before:
        return None
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(path, "", f"is not TOML: {error}"))
    except ValidationError as error:
        problems += [Problem(path, *_explained(detail, model)) for detail in error.errors()]
    return None


def _derived(files: Files, path: str, model: type[_Model], command: str, problems: list[Problem]) -> _Model | None:
    """What one of our own commands wrote, None when it is not there."""
    if path not in files:
        return None
    try:
        return model.model_validate_json(files[path])
    except ValidationError as error:
        for detail in error.errors():
            key, message = _explained(detail, model)
            problems.append(Problem(path, key, f"{message}; derive it anew: {command}"))
    return None


def _explained(detail: Any, model: type[BaseModel]) -> tuple[str, str]:
    """The dotted key of a validation error, and its message in an author's words."""
    location = detail["loc"]
    key = ".".join(str(part) for part in location)
    kind = detail["type"]
    if kind == "missing":
        return key, "is missing; add it"
    if kind == "extra_forbidden":
        known = f" (known here: {', '.join(model.model_fields)})" if len(location) == 1 else ""
        return key, f"is not a known key{known}; take it out or mend its spelling"
    if kind == "too_short" and not detail["input"]:
        return key, "is empty; name at least one"
    message = str(detail["msg"]).removeprefix("Value error, ")
    if not location:
        return "", message
    found = repr(detail["input"])
    return key, f"{message[:1].lower()}{message[1:]}, found {found if len(found) <= 80 else found[:80] + '…'}"
