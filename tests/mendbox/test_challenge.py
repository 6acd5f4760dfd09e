"""`mendbox challenge list | show | check | new`."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from rich.cells import cell_len

from runner.packages.finder import list_challenges
from runner.packages.loader import load_package
from runner.packages.manifest import Manifest
from runner.packages.scaffold import SUMMARY
from tests.mendbox.cli import CHALLENGES, Cli, cli_in, refused

SLUGS = [folder.name for folder in list_challenges(CHALLENGES)]


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The command line of someone whose library has one challenge, which was made and proved as the README says."""
    folder = tmp_path_factory.mktemp("author")
    mendbox = cli_in(folder, MENDBOX_CHALLENGES=str(folder / "challenges"))
    made = mendbox("challenge", "new", "late-fees", "--title", "Late fees", "--level", "mid", "--json")
    assert made.code == 0, made.err
    assert made.json["path"] == str(folder / "challenges" / "late-fees")
    assert "challenge.toml" in made.json["files"]
    return mendbox


@pytest.fixture(scope="module")
def proved(author: Cli) -> Cli:
    done = author("challenge", "check", "late-fees", "--write")
    assert done.code == 0, done.out
    assert "✓ late-fees  10 hidden tests" in done.out
    return author


def test_on_a_terminal_what_no_option_says_is_asked_for(tmp_path: Path) -> None:
    mendbox = cli_in(tmp_path, MENDBOX_CHALLENGES=str(tmp_path / "challenges"))
    # A title; the sentence as proposed; a level that there is none of, and one; the area as proposed; minutes.
    typed = "Fees\n\nexpert\nsenior\n\n75\n"
    done = mendbox.on_terminal(120, "challenge", "new", "fees-of-a-library", typed=typed)
    assert done.code == 0, done.out
    assert done.out.count("Level (junior, mid, senior)") == 2
    manifest = _manifest(tmp_path / "challenges" / "fees-of-a-library")
    assert (manifest.title, manifest.level.value, manifest.area.value, manifest.minutes) == (
        "Fees",
        "senior",
        "practical",
        75,
    )
    assert manifest.summary == SUMMARY

    told = mendbox.on_terminal(120, "challenge", "new", "told", "--level", "mid", "--no-input")
    assert told.code == 0
    assert "Title" not in told.out
    assert _manifest(tmp_path / "challenges" / "told").minutes == 60


def test_a_name_that_can_not_be_used_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    mendbox = cli_in(tmp_path, MENDBOX_CHALLENGES=str(tmp_path / "challenges"))
    done = mendbox.on_terminal(120, "challenge", "new", "Late Fees")
    assert done.code == 2
    assert "can't name a challenge" in done.out
    assert "Title" not in done.out


def _manifest(folder: Path) -> Manifest:
    return Manifest.model_validate(tomllib.loads((folder / "challenge.toml").read_text()))


def test_a_new_challenge_lacks_nothing_but_what_check_writes(author: Cli) -> None:
    done = author("challenge", "check", "late-fees", "--static", "--json")
    (challenge,) = done.json["challenges"]
    assert done.code == 1
    assert (challenge["slug"], challenge["ok"]) == ("late-fees", False)
    assert [problem["file"] for problem in challenge["problems"]] == ["inventory.json"]
    assert "challenge check late-fees --write" in challenge["problems"][0]["message"]


def test_a_new_challenge_proves_itself_and_grades_as_the_readme_says(proved: Cli) -> None:
    assert proved("challenge", "check", "late-fees", "--static").code == 0
    done = proved("grade", "late-fees", "challenges/late-fees/fixes/clamped")
    assert done.code == 0, done.err
    assert "100/100  solved" in done.out


def test_check_lists_each_problem_with_file_and_key_and_exits_1(proved: Cli) -> None:
    folder = proved.folder / "challenges" / "toothless"
    shutil.copytree(proved.folder / "challenges" / "late-fees", folder)
    # A mistake that is none. The fewer there are, the less is graded.
    for place in ("fixes/early-return", "mistakes/cap-in-days", "mistakes/detail-only", "mistakes/grace-day"):
        shutil.rmtree(folder / place)
    shutil.copy(folder / "fixes/clamped/library/fees.py", folder / "mistakes/refunds/library/fees.py")
    done = proved("challenge", "check", "toothless", "--json")
    (challenge,) = done.json["challenges"]
    assert done.code == 1
    assert not challenge["ok"]
    told = {problem["file"]: problem["message"] for problem in challenge["problems"]}
    assert "needs 2" in told["fixes/"]
    assert "needs 5" in told["mistakes/"]
    assert [file for file in told if file.startswith("mistakes/refunds")]

    with (folder / "challenge.toml").open("a") as manifest:
        manifest.write("bogus = 1\n")
    (folder / "hidden" / "test_broken.py").write_text("def :\n")
    done = proved("challenge", "check", "toothless", "--static")
    assert done.code == 1
    assert "✗ toothless  2 problems\n" in done.out
    assert "toothless/challenge.toml" in done.out
    assert "bogus" in done.out
    assert "toothless/hidden/test_broken.py" in done.out

    listed = proved("challenge", "list")
    assert "not valid: mendbox challenge check toothless" in listed.out
    rows = {row["slug"]: row["valid"] for row in proved("challenge", "list", "--json").json["challenges"]}
    assert rows == {"late-fees": True, "toothless": False}


def test_an_inventory_is_not_written_while_a_fix_fails(proved: Cli) -> None:
    folder = proved.folder / "challenges" / "unmended"
    shutil.copytree(proved.folder / "challenges" / "late-fees", folder)
    for mistake in list((folder / "mistakes").iterdir())[1:]:
        shutil.rmtree(mistake)
    before = (folder / "inventory.json").read_bytes()
    (folder / "fixes/clamped/library/fees.py").write_text("raise SystemExit\n")
    done = proved("challenge", "check", folder, "--write", "--json")
    after = (folder / "inventory.json").read_bytes()
    shutil.rmtree(folder)
    assert done.code == 1
    told = {problem["file"]: problem["message"] for problem in done.json["challenges"][0]["problems"]}
    assert told["fixes/clamped/"] == "The app did not start: SystemExit (library/fees.py, line 1)"
    assert "is not written" in done.err
    assert after == before


def test_nothing_is_overwritten_by_a_new_challenge(author: Cli) -> None:
    before = (author.folder / "challenges/late-fees/brief.md").read_bytes()
    refused(author("challenge", "new", "late-fees"), "late-fees is there already", "choose another slug")
    refused(author("challenge", "new", "Late Fees"), "'Late Fees' can't name a challenge", "small letters")
    assert (author.folder / "challenges/late-fees/brief.md").read_bytes() == before


def test_all_checks_every_challenge_of_the_project(mendbox: Cli) -> None:
    done = mendbox("challenge", "check", "--all", "--static", "--json")
    assert done.code == 0
    assert [(each["slug"], each["ok"], each["problems"]) for each in done.json["challenges"]] == [
        (slug, True, []) for slug in SLUGS
    ]
    assert all(each["tests"] >= 12 for each in done.json["challenges"])


def test_a_package_without_its_manifest_is_a_problem_and_not_passed_over(mendbox: Cli, tmp_path: Path) -> None:
    (tmp_path / "late-fees").mkdir()
    (tmp_path / "late-fees" / "chalenge.toml").touch()
    (tmp_path / "late-fees" / "harness.py").touch()
    for what in ("--all", "late-fees", tmp_path / "late-fees"):
        done = mendbox("challenge", "check", what, "--static", "--json", MENDBOX_CHALLENGES=str(tmp_path))
        assert done.code == 1
        (challenge,) = done.json["challenges"]
        told = {problem["file"]: problem["message"] for problem in challenge["problems"]}
        assert (told["challenge.toml"], challenge["slug"]) == ("is missing; add it", "late-fees")
        assert "is not part of a package" in told["chalenge.toml"]


def test_to_check_all_of_nothing_is_refused(mendbox: Cli, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        done = mendbox("challenge", "check", "--all", MENDBOX_CHALLENGES=str(folder))
        refused(done, "there is no challenge under", "MENDBOX_CHALLENGES")


def test_what_check_is_not_told_to_check_is_refused(mendbox: Cli) -> None:
    refused(mendbox("challenge", "check", "user-5000"), "there is no challenge 'user-5000'", "did you mean user-500?")
    done = mendbox("challenge", "check", "--json")
    assert done.code == 2
    assert done.json == {
        "error": {"message": "name a challenge, or give --all", "hint": "see: mendbox challenge check --help"}
    }


def test_the_list_has_every_challenge_and_is_not_folded_in_a_pipe(mendbox: Cli) -> None:
    lines = mendbox("challenge", "list", COLUMNS="40").out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == SLUGS
    for line, slug in zip(lines[1:], SLUGS, strict=True):
        assert load_package(CHALLENGES / slug).manifest.title in line
    rows = {row["slug"]: row for row in mendbox("challenge", "list", "--json").json["challenges"]}
    assert list(rows) == SLUGS
    assert (rows["user-500"]["valid"], rows["user-500"]["level"]) == (True, "junior")
    assert all(row["hidden_tests"] >= 12 for row in rows.values())


def test_a_library_without_challenges_says_how_to_make_one(mendbox: Cli, tmp_path: Path) -> None:
    done = mendbox("challenge", "list", MENDBOX_CHALLENGES=str(tmp_path / "none"))
    assert done.code == 0
    assert "mendbox challenge new" in done.out


def test_show_gives_a_challenge_whole(mendbox: Cli) -> None:
    package = load_package(CHALLENGES / "user-500")
    piped = mendbox("challenge", "show", "user-500").out
    assert package.brief.strip() in piped
    for words in (*package.fixes, *package.mistakes, *(each.summary for each in package.mistakes.values())):
        assert words in piped
    document = mendbox("challenge", "show", CHALLENGES / "user-500", "--json").json
    assert document["brief"] == package.brief
    assert document["mistakes"] == {name: each.summary for name, each in package.mistakes.items()}
    assert [each["id"] for each in document["requirements"]] == ["R1", "R2", "R3", "R4", "R5"]
    assert len(document["tests"]) == document["hidden_tests"] >= 12


def test_show_fits_a_terminal_of_80_columns(mendbox: Cli) -> None:
    done = mendbox.on_terminal(80, "challenge", "show", "user-500")
    assert done.code == 0
    assert [line for line in done.out.splitlines() if cell_len(line) > 80] == []
    # The last words of a long list item: nothing was cut off.
    assert "something went wrong" in " ".join(done.out.split())
