"""The spelling of what people read in a package."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mendbox.spelling import spelling_problems, texts_of
from runner.packages.finder import list_challenges
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from tests.mendbox.cli import CHALLENGES
from tests.packages.samples import GOOD, parsed

PACKAGE, _ = parsed(GOOD)
assert PACKAGE is not None
WRONG = "recieve"  # typos: ignore


@pytest.mark.parametrize("slug", [folder.name for folder in list_challenges(CHALLENGES)])
def test_the_librarys_challenges_are_spelt_right(slug: str) -> None:
    assert spelling_problems(load_package(CHALLENGES / slug)) == []


def _with(package: ChallengePackage, place: str) -> ChallengePackage:
    text = f"We {WRONG} it.\n"
    manifest = package.manifest
    if place == "challenge.toml":
        return replace(package, manifest=manifest.model_copy(update={"summary": text}))
    if place == "brief.md":
        return replace(package, brief=f"# x\n\n{text}")
    if place == "notes.md":
        return replace(package, notes=f"# x\n\n{text}")
    if place.startswith("starter/"):
        return replace(package, starter={**package.starter, "README.md": f"# x\n\n{text}".encode()})
    return replace(package, hidden={**package.hidden, "test_x.py": f"# x\n\nSAID = '{text.strip()}'\n".encode()})


@pytest.mark.parametrize("place", ["challenge.toml", "brief.md", "notes.md", "starter/README.md", "hidden/test_x.py"])
def test_a_misspelt_word_is_told_with_its_place_and_what_was_meant(place: str) -> None:
    assert PACKAGE is not None
    (problem,) = spelling_problems(_with(PACKAGE, place))
    assert (problem.file, problem.key) == (place, "" if place == "challenge.toml" else "line 3")
    assert f"'{WRONG}' is misspelt; did you mean receive?" in problem.message


def test_a_word_of_the_manifest_is_right() -> None:
    assert PACKAGE is not None
    known = PACKAGE.manifest.model_copy(update={"words": (WRONG.capitalize(),)})
    assert spelling_problems(replace(_with(PACKAGE, "brief.md"), manifest=known)) == []


def test_code_that_nobody_reads_as_text_is_not_looked_at() -> None:
    assert PACKAGE is not None
    assert not any(path.startswith("starter/library") for path in texts_of(PACKAGE))
