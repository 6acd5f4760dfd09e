"""A new challenge tells right from wrong as it stands, before its author has changed a line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from runner.errors import MendboxError
from runner.packages.finder import write_new_package
from runner.packages.loader import load_package
from runner.packages.manifest import Area, Level
from runner.packages.package import ChallengePackage
from runner.packages.scaffold import scaffold
from tests.packages.samples import GOOD, SLUG, parsed

ROOT = Path(__file__).parents[2]


def _package() -> ChallengePackage:
    package, problems = parsed(GOOD)
    assert package is not None, problems
    return package


PACKAGE = _package()


def failures(overlay: Mapping[str, bytes], folder: Path) -> tuple[set[str], int]:
    """The hidden tests that fail when the suite runs in one process with the overlay's app, and how many passed."""
    write_new_package(folder / SLUG, dict(GOOD))
    write_new_package(folder / "app", {**PACKAGE.starter, **overlay})
    environment = {
        **os.environ,
        "MENDBOX_APP": str(folder / "app"),
        "MENDBOX_HARNESS": str(folder / SLUG / "harness.py"),
        "MENDBOX_ENTRY": "library:create_app",
        "PYTHONPATH": str(ROOT),
    }
    hidden = folder / SLUG / "hidden"
    options = ["-q", "-rfEp", "--tb=no", "-p", "no:cacheprovider", "-p", "runner.inside.inprocess", "-c", "/dev/null"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--rootdir={hidden}", "."],
        cwd=hidden, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = re.findall(r"^(FAILED|ERROR|PASSED) (\S+)", done.stdout, re.MULTILINE)
    return {name for status, name in found if status != "PASSED"}, sum(status == "PASSED" for status, _ in found)


@pytest.mark.parametrize("name", sorted(PACKAGE.fixes))
def test_every_reference_fix_of_a_new_challenge_passes_all(name: str, tmp_path: Path) -> None:
    failed, passed = failures(PACKAGE.fixes[name], tmp_path)
    assert (failed, passed) == (set(), 10)


def test_the_starter_of_a_new_challenge_fails_in_each_requirement_and_keeps_its_guards(tmp_path: Path) -> None:
    failed, passed = failures({}, tmp_path)
    assert passed == 2, "a guard for each requirement"
    assert {"test_fees.py::test_the_due_day_is_in_time", "test_fees.py::test_the_list_is_capped"} <= failed


@pytest.mark.parametrize("name", sorted(PACKAGE.mistakes))
def test_every_mistake_of_a_new_challenge_is_caught_by_the_tests_it_names(name: str, tmp_path: Path) -> None:
    mistake = PACKAGE.mistakes[name]
    failed, _ = failures(mistake.files, tmp_path)
    assert set(mistake.must_fail) <= failed


def test_the_visible_tests_of_a_new_challenge_pass_with_plain_pytest(tmp_path: Path) -> None:
    write_new_package(tmp_path / "starter", dict(PACKAGE.starter))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path / "starter", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


@pytest.mark.parametrize("title", ['Say "no" \\ to nulls', "Gebühren – zu spät", "# = [x]"])
def test_any_one_line_title_makes_a_package_that_loads(title: str, tmp_path: Path) -> None:
    write_new_package(tmp_path / "my-own", scaffold("my-own", title, Level.SENIOR, Area.PROBLEM_SOLVING))
    package = load_package(tmp_path / "my-own")
    assert package.manifest.title == title
    assert (package.manifest.level, package.manifest.area) == (Level.SENIOR, Area.PROBLEM_SOLVING)
    assert f"# {title}" in package.brief


def test_nothing_of_a_new_challenge_is_left_unfilled() -> None:
    assert not [path for path, data in GOOD.items() if b"@@" in data]
    assert tomllib.loads(GOOD["challenge.toml"].decode())["level"] == "junior"


@pytest.mark.parametrize(
    ("slug", "title"), [("Bad_Slug", "x"), ("", "x"), ("ok", ""), ("ok", "two\nlines"), ("ok", "x" * 201)]
)
def test_a_slug_or_title_that_can_not_be_used_is_refused(slug: str, title: str) -> None:
    with pytest.raises(MendboxError) as caught:
        scaffold(slug, title)
    assert caught.value.hint
