"""`mendbox demo`, whole: a challenge's starter, fixes and mistakes through everything there is."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from rich.cells import cell_len

from mendbox.demo import by_turns, cases_of
from runner.packages.loader import load_package
from tests.mendbox.cli import CHALLENGES, Cli, refused

SLUGS = ("user-500", "n-plus-one", "rate-limiter")


def homes() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("mendbox-demo-*"))


def test_every_submission_gets_the_grade_that_it_must_get(mendbox: Cli) -> None:
    before = homes()
    # Every mistake of every challenge is graded by tests/challenges; here it is about the way there.
    done = mendbox("demo", "--all", "--challenge", "user-500", "--json")
    expected = [("user-500", case.name) for case in cases_of(load_package(CHALLENGES / "user-500"))]
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


def test_without_a_wish_it_sends_starter_fixes_and_one_mistake_of_all_three(mendbox: Cli) -> None:
    done = mendbox("demo", "--json")
    assert done.code == 0, done.err
    for slug in SLUGS:
        package = load_package(CHALLENGES / slug)
        names = [grading["name"] for grading in done.json["gradings"] if grading["challenge"] == slug]
        assert names[:-1] == ["starter", *(f"fixes/{name}" for name in sorted(package.fixes))]
        assert names[-1].removeprefix("mistakes/") in package.mistakes


def test_challenges_take_turns_and_each_keeps_its_order() -> None:
    cases = [case for slug in SLUGS for case in cases_of(load_package(CHALLENGES / slug), most_mistakes=1)]
    turns = by_turns(cases)
    assert [case.package.slug for case in turns[:4]] == [*SLUGS, SLUGS[0]]
    for slug in SLUGS:
        assert [case for case in turns if case.package.slug == slug] == [c for c in cases if c.package.slug == slug]


def test_a_challenge_that_there_is_not_ends_it_before_it_starts(mendbox: Cli) -> None:
    refused(mendbox("demo", "--challenge", "user-50"), "there is no challenge 'user-50'", "did you mean user-500?")


def test_a_grade_that_is_not_as_expected_is_told_and_exits_1(mendbox: Cli) -> None:
    folder = mendbox.folder / "challenges" / "user-500"
    shutil.copytree(CHALLENGES / "user-500", folder)
    # One fix, and one mistake that is none: the same fix.
    for place in [*folder.glob("fixes/*"), *folder.glob("mistakes/*")]:
        if place.name not in ("lookup", "html-404"):
            shutil.rmtree(place)
    shutil.copytree(folder / "fixes/lookup", folder / "mistakes/html-404", dirs_exist_ok=True)
    library = Cli(mendbox.folder, {**mendbox.environ, "MENDBOX_CHALLENGES": str(folder.parent)})
    done = library.on_terminal(80, "demo", "--challenge", "user-500")
    assert done.code == 1, done.out
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    shown = [line for line in lines if line.startswith(("starter ", "fix ", "mistake ", "→ "))]
    assert shown[:3] == [
        "starter 0 unsolved ○○○○○ as expected",
        "fix lookup .tar.gz 100 solved ●●●●● as expected",
        "mistake html-404 .patch 100 solved ●●●●● NOT as expected",
    ]
    assert shown[-1] == "→ a mistake scored 100"
    assert "did not catch it" in " ".join(lines)
    assert "1 of 3 grades were not as expected" in lines
    assert [line for line in done.out.splitlines() if cell_len(line) > 80] == []
