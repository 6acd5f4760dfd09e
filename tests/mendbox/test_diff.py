"""`mendbox challenge diff`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mendbox.diff_command import patch_of
from runner.grading.proof import submissions_of
from runner.limits import SubmissionLimits
from runner.packages.finder import list_challenges
from runner.packages.loader import load_package
from runner.submissions.normalise import normalise
from runner.submissions.uploads import PatchUpload
from tests.mendbox.cli import CHALLENGES, Cli, refused


@pytest.mark.parametrize("slug", [folder.name for folder in list_challenges(CHALLENGES)])
def test_every_fix_and_mistake_is_a_patch_that_is_the_same_submission(slug: str) -> None:
    package = load_package(CHALLENGES / slug)
    submissions, problems = submissions_of(package)
    assert problems == []
    overlays = {f"fixes/{name}": files for name, files in package.fixes.items()}
    overlays |= {f"mistakes/{name}": each.files for name, each in package.mistakes.items()}
    for name, files in overlays.items():
        upload = PatchUpload(patch_of(package.starter, files).encode())
        sent = normalise(upload, package.starter, package.manifest.editable, slug, SubmissionLimits())
        assert sent.digest == submissions[name].digest, name


def test_in_a_pipe_it_is_a_patch_that_git_applies(mendbox: Cli, tmp_path: Path) -> None:
    done = mendbox("challenge", "diff", "user-500", "fixes/lookup")
    assert done.code == 0, done.err
    package = load_package(CHALLENGES / "user-500")
    for path, data in package.starter.items():
        (tmp_path / "x" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "x" / path).write_bytes(data)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path / "x", input=done.out, text=True, check=True)
    for path, data in package.fixes["lookup"].items():
        assert (tmp_path / "x" / path).read_bytes() == data


def test_without_a_name_it_shows_all_reference_fixes_and_no_mistake(mendbox: Cli) -> None:
    package = load_package(CHALLENGES / "user-500")
    patches = mendbox("challenge", "diff", "user-500", "--json").json["patches"]
    assert list(patches) == [f"fixes/{name}" for name in sorted(package.fixes)]
    mistake = next(iter(package.mistakes))
    assert list(mendbox("challenge", "diff", "user-500", mistake, "--json").json["patches"]) == [f"mistakes/{mistake}"]


def test_on_a_terminal_each_is_named(mendbox: Cli) -> None:
    shown = mendbox.on_terminal(100, "challenge", "diff", "user-500", "lookup")
    assert shown.code == 0
    assert "fixes/lookup" in shown.out
    assert "+" in shown.out


def test_an_unknown_name_is_refused_with_the_nearest(mendbox: Cli) -> None:
    refused(mendbox("challenge", "diff", "user-500", "lokup"), "no fix or mistake 'lokup'", "did you mean lookup?")
    refused(mendbox("challenge", "diff", "user-500", "zzz"), "there are fixes/blueprint")


def test_a_file_without_a_last_newline_is_told_as_git_does() -> None:
    patch = patch_of({"a.py": b"x\n"}, {"a.py": b"y", "b.py": b"new\n"})
    assert "+y\n\\ No newline at end of file\n" in patch
    assert "--- /dev/null\n+++ b/b.py\n" in patch
