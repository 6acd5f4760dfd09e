"""`mendbox demo`, whole: every challenge's starter, fixes and mistakes through everything there is."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from mendbox.demo import cases_of
from runner.packages.loader import load_package
from tests.mendbox.cli import CHALLENGES, Cli, refused

SLUGS = ("user-500", "n-plus-one", "rate-limiter")


def homes() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("mendbox-demo-*"))


def test_every_submission_gets_the_grade_that_it_must_get(mendbox: Cli) -> None:
    before = homes()
    done = mendbox("demo", "--json")
    expected = [(slug, case.name) for slug in SLUGS for case in cases_of(load_package(CHALLENGES / slug))]
    document = done.json
    gradings = document["gradings"]
    assert [grading for grading in gradings if grading["surprises"]] == []
    assert [(grading["challenge"], grading["name"]) for grading in gradings] == expected
    assert {grading["form"] for grading in gradings} == {"zip", "tar.gz", "patch"}
    for grading in gradings:
        kind = grading["name"].partition("/")[0]
        ends = {"starter": {(0, "unsolved")}, "fixes": {(100, "solved")}}.get(kind)
        assert ends is None or {(grading["score"], grading["verdict"])} == ends
        assert kind != "mistakes" or grading["score"] < 100
    assert document["ok"] is (done.code == 0) is True, done.err
    assert document["took_s"] > 0
    assert homes() - before == set()


def test_a_challenge_that_there_is_not_ends_it_before_it_starts(mendbox: Cli) -> None:
    refused(mendbox("demo", "--challenge", "user-50"), "there is no challenge 'user-50'", "did you mean user-500?")


@pytest.fixture
def late_fees(mendbox: Cli) -> Cli:
    """A library of one small challenge, one of whose mistakes is none. It has no inventory of its own to prove that."""
    own = Cli(mendbox.folder, {**mendbox.environ, "MENDBOX_CHALLENGES": str(mendbox.folder / "challenges")})
    assert own("challenge", "new", "late-fees").code == 0
    return own


def test_a_grade_that_is_not_as_expected_is_told_and_exits_1(late_fees: Cli) -> None:
    folder = late_fees.folder / "challenges" / "late-fees"
    fixed = (folder / "fixes/clamped/library/fees.py").read_bytes()
    (folder / "mistakes/refunds/library/fees.py").write_bytes(fixed)
    assert late_fees("challenge", "check", "late-fees", "--write").code == 1
    done = late_fees.on_terminal(100, "demo", "--challenge", "late-fees")
    lines = done.out.splitlines()
    (starter,) = [line for line in lines if "untouched starter" in line]
    assert re.search(r" 0 +unsolved .*as expected", starter)
    assert len([line for line in lines if "reference fix" in line and "100 solved" in line]) == 2
    (refunds,) = [line for line in lines if "refunds" in line]
    assert "100 solved" in refunds
    assert "did not catch it" in " ".join(lines)
    assert any(re.fullmatch(r"1 of 8 grades were not as expected\s*", line) for line in lines)
    assert done.code == 1
