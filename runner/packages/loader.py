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
      bugs/<name>/**            optional: where another bug is seeded, what differs from the above, by the same paths;
                                fixes, mistakes, mutants.toml and inventory.json are each bug's own
      inventory.json            written by `mendbox challenge check --write`
      certificate.json          written by `mendbox challenge check --certify`

Anything else at the top is a problem: it would be a misspelt name, or content that nobody grades. The loader has no
opinion on whether the challenge is any good; `runner.packages.diagnose` has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from runner.errors import ChallengeNotFound, PackageInvalid, Problem
from runner.packages.authored import read_derived, read_text, read_toml
from runner.packages.certificate import CERTIFICATE, Certificate, Certified, command_to_certify
from runner.packages.inventory import Inventory, command_to_derive
from runner.packages.manifest import MANIFEST, SLUG, Manifest, Strict, Text
from runner.packages.mutants import MUTANTS, Equivalent, MutantsTable
from runner.packages.package import ChallengePackage, Files, Mistake
from runner.packages.tree import Tree, read_tree

BRIEF, NOTES, HARNESS, INVENTORY = "brief.md", "notes.md", "harness.py", "inventory.json"
MISTAKE = "mistake.toml"
_FILES = (MANIFEST, BRIEF, NOTES, HARNESS)
_OPTIONAL = (INVENTORY, CERTIFICATE, MUTANTS)
_FOLDERS = ("starter", "hidden", "fixes", "mistakes")
BUGS = "bugs"
#: What a bug does not have from the folder: it speaks of the folder's own.
_NOT_SHARED = (INVENTORY, CERTIFICATE, MUTANTS, "fixes", "mistakes", BUGS)
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


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
    return _with_certificate(folder, {Certified.CURRENT})


def load_unless_stale(folder: Path) -> ChallengePackage:
    """As `load_package`, but not with a certificate for other content. Raises PackageInvalid for one with such."""
    return _with_certificate(folder, {Certified.CURRENT, Certified.NONE})


def _with_certificate(folder: Path, taken: Collection[Certified]) -> ChallengePackage:
    package = load_package(folder)
    if package.certified in taken:
        return package
    missing = package.certified is Certified.NONE
    said = "is missing" if missing else "is for other content than the package has now"
    raise PackageInvalid(package.slug, [Problem(CERTIFICATE, "", f"{said}; run: {command_to_certify(package.slug)}")])


def parse_package(slug: str, tree: Tree) -> tuple[ChallengePackage | None, list[Problem]]:
    """The package as far as it can be understood, and all that is wrong with its form. Pure."""
    package, problems = _parse(slug, tree)
    if package is None:
        return None, problems
    return replace(package, bugs=_bugs(slug, tree, package.manifest, problems)), problems


def _parse(slug: str, tree: Tree) -> tuple[ChallengePackage | None, list[Problem]]:
    """The same, but for its bugs."""
    problems = list(tree.problems)
    if not SLUG.fullmatch(slug):
        problems.append(
            Problem(".", "", f"the folder's name {slug!r} is no slug; use small letters, digits and hyphens")
        )
    problems += _entry_problems(tree)
    manifest = read_toml(tree.files, MANIFEST, Manifest, problems)
    brief = read_text(tree.files, BRIEF, problems)
    notes = read_text(tree.files, NOTES, problems)
    inventory = read_derived(tree.files, INVENTORY, Inventory, command_to_derive(slug), problems)
    fixes = _named(tree, "fixes", problems)
    mistakes = _mistakes(_named(tree, "mistakes", problems), problems)
    if manifest is None:
        return None, problems
    problems += [Problem(MANIFEST, "requirements", fault) for fault in manifest.requirement_faults()]
    problems += [Problem(MANIFEST, key, fault) for key, fault in manifest.variation_faults()]
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
        certificate=read_derived(tree.files, CERTIFICATE, Certificate, command_to_certify(slug), problems),
    )
    return package, problems


def _bugs(slug: str, tree: Tree, manifest: Manifest, problems: list[Problem]) -> dict[str, ChallengePackage]:
    """The package as it is with each other bug. Only what a bug's own folder has is told as its problem."""
    declared = {bug.name: bug for bug in manifest.bugs}
    folders = {path.split("/")[1] for path in (*tree.files, *tree.folders) if path.startswith(f"{BUGS}/")}
    for name in sorted(folders - set(declared)):
        problems.append(
            Problem(f"{BUGS}/{name}", "", f"is not in {MANIFEST}; add it there as [[bugs]], or take it out")
        )
    if folders and not declared:
        return {}
    bugs: dict[str, ChallengePackage] = {}
    shared = set(problems)
    for name, bug in declared.items():
        place = f"{BUGS}/{name}"
        if name not in folders:
            problems.append(Problem(f"{place}/", "", f"is missing, and {MANIFEST} has the bug; add what differs"))
            continue
        own = below(tree.files, f"{place}/")
        if MANIFEST in own:
            problems.append(
                Problem(f"{place}/{MANIFEST}", "", f"a bug has no manifest of its own; say it in {MANIFEST}")
            )
        for path in bug.without:
            if path not in tree.files or path.split("/", 1)[0] in _NOT_SHARED:
                problems.append(Problem(MANIFEST, "bugs", f"{name} is without {path}, which it would not have anyway"))
        package, found = _parse(slug, Tree(files=_laid_over(tree.files, own, bug.without)))
        # What is wrong with what it shares is told of the folder.
        problems += [replace(each, file=f"{place}/{each.file}") for each in found if each not in shared]
        if package is not None:
            changes: dict[str, Any] = {"variations": (), "bugs": ()}
            if bug.services is not None:
                changes["services"] = bug.services
            bugs[name] = replace(package, manifest=manifest.model_copy(update=changes))
    return bugs


def _laid_over(files: Files, own: Files, without: Collection[str]) -> dict[str, bytes]:
    shared = {
        path: data for path, data in files.items() if path.split("/", 1)[0] not in _NOT_SHARED and path not in without
    }
    return {**shared, **own, MANIFEST: files[MANIFEST]}


def _entry_problems(tree: Tree) -> list[Problem]:
    tops = {path.split("/", 1)[0] for path in (*tree.files, *tree.folders)}
    problems = [Problem(name, "", "is missing; add it") for name in _FILES if name not in tree.files]
    for folder in _FOLDERS:
        if not any(path.startswith(folder + "/") for path in tree.files):
            problems.append(Problem(folder + "/", "", "is missing or empty; add it with its files"))
    for name in sorted(tops - {*_FILES, *_FOLDERS, *_OPTIONAL, BUGS}):
        known = ", ".join((*_FILES, *_OPTIONAL, *(folder + "/" for folder in (*_FOLDERS, BUGS))))
        problems.append(Problem(name, "", f"is not part of a package; known here: {known}"))
    return problems


def _equivalent(files: Files, problems: list[Problem]) -> tuple[Equivalent, ...]:
    if MUTANTS not in files:
        return ()
    table = read_toml(files, MUTANTS, MutantsTable, problems)
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
        table = read_toml({place: files[MISTAKE]}, place, MistakeTable, problems)
        if table is not None:
            overlay = {path: data for path, data in files.items() if path != MISTAKE}
            mistakes[name] = Mistake(name, overlay, table.summary, table.must_fail)
    return mistakes
