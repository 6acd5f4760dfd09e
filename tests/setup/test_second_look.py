"""The failures of a whole run that are run again: what passes then, what does not, and when none is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/lib/second_look.py"
SUITE = """
from pathlib import Path

import pytest

FLAG = Path(__file__).with_name("flag")

def test_rare():
    if not FLAG.exists():
        FLAG.touch()
        raise AssertionError("the first time only")

def test_every_other_time():
    turns = Path(__file__).with_name("turns")
    turns.write_text(turns.read_text() + "x" if turns.exists() else "x")
    assert len(turns.read_text()) % 2 == 0

@pytest.mark.parametrize("word", ["a b", "[c]::d"])
def test_wrong(word):
    assert word == "right"

def test_right():
    pass
"""


def look(folder: Path, choice: str) -> tuple[int, str]:
    (folder / "test_suite.py").write_text(SUITE)
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-k", choice], cwd=folder, capture_output=True, check=False)
    again = subprocess.run([sys.executable, SCRIPT, "-q"], cwd=folder, capture_output=True, text=True, check=False)
    return again.returncode, again.stdout


def test_a_failure_that_does_not_come_again_is_named_and_passes(tmp_path: Path) -> None:
    code, said = look(tmp_path, "rare or right")
    assert code == 0
    assert said.splitlines()[-2:] == [
        "FLAKY: failed once and then passed 3 times; to be mended:",
        "  test_suite.py::test_rare",
    ]
    assert "1 passed" in said
    assert "2 passed" not in said, "what passed before is not run again"


@pytest.mark.parametrize("choice", ["wrong", "rare or wrong", "every_other_time"])
def test_one_that_fails_again_fails(tmp_path: Path, choice: str) -> None:
    code, said = look(tmp_path, choice)
    assert code == 1
    assert "FLAKY" not in said


def test_more_than_a_few_are_not_run_again(tmp_path: Path) -> None:
    code, said = look(tmp_path, "rare or every_other_time or wrong")
    assert (code, said) == (1, "4 tests failed; up to 3 are run again\n")


def test_a_run_that_ended_in_another_way_is_no_pass(tmp_path: Path) -> None:
    code, said = look(tmp_path, "right")
    assert (code, said) == (1, "0 tests failed; up to 3 are run again\n")
