"""The loader: what a folder must hold, and that an author hears of everything at once."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from runner.errors import ChallengeNotFound, MendboxError, PackageInvalid
from runner.packages import tree as tree_module
from runner.packages.finder import find_challenge, list_challenges, write_new_package
from runner.packages.loader import load_package
from runner.packages.tree import read_tree
from tests.packages.samples import GOOD, SLUG, parsed, with_inventory

MANIFEST = GOOD["challenge.toml"]
MISTAKE = "mistakes/refunds/mistake.toml"


def texts(files: dict[str, bytes | None], slug: str = SLUG) -> list[str]:
    """The problems of form of the good package with changes."""
    _, problems = parsed({path: data for path, data in {**GOOD, **files}.items() if data is not None}, slug)
    return [str(problem) for problem in problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good package on disk."""
    target = tmp_path / "challenges" / SLUG
    write_new_package(target, with_inventory(GOOD))
    return target


def test_a_good_package_is_loaded_whole(folder: Path) -> None:
    package = load_package(folder)
    assert package.slug == SLUG
    assert package.manifest.title == "Late fees"
    assert set(package.fixes) == {"clamped", "early-return"}
    assert set(package.fixes["clamped"]) == {"library/fees.py"}
    assert len(package.mistakes) == 5
    assert set(package.mistakes["refunds"].files) == {"library/fees.py"}, "mistake.toml is no part of the overlay"
    assert package.mistakes["refunds"].must_fail == ("test_fees.py::test_an_early_book_is_free_and_shown_whole",)
    assert {"library/fees.py", "tests/test_loans.py"} <= set(package.starter)
    assert set(package.hidden) == {"conftest.py", "test_fees.py"}
    assert package.inventory is not None
    assert package.inventory.derived_from == package.evidence_digest


def test_what_tools_leave_behind_changes_no_digest(folder: Path) -> None:
    before = load_package(folder).digest
    for path in ("starter/library/__pycache__/x.pyc", "hidden/.pytest_cache/x", ".DS_Store", "starter/instance/a.db"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"left")
    assert load_package(folder).digest == before


def test_every_problem_is_told_at_once(folder: Path) -> None:
    (folder / "brief.md").unlink()
    (folder / "challenge.toml").write_bytes(MANIFEST.replace(b"points = 60", b'points = "many"'))
    (folder / MISTAKE).write_bytes(b'summary = "x"')
    (folder / "extra.txt").write_bytes(b"")
    with pytest.raises(PackageInvalid) as caught:
        load_package(folder)
    places = {(problem.file, problem.key) for problem in caught.value.problems}
    assert {
        ("brief.md", ""),
        ("challenge.toml", "requirements.0.points"),
        (MISTAKE, "must_fail"),
        ("extra.txt", ""),
    } <= places
    assert "mendbox challenge check late-fees" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["challenge.toml", "brief.md", "notes.md", "harness.py"])
def test_a_missing_file_is_named(name: str) -> None:
    assert f"{name}: is missing; add it" in texts({name: None})


@pytest.mark.parametrize("name", ["starter", "hidden", "fixes", "mistakes"])
def test_a_missing_folder_is_named(name: str) -> None:
    gone: dict[str, bytes | None] = {path: None for path in GOOD if path.startswith(name + "/")}
    assert f"{name}/: is missing or empty; add it with its files" in texts(gone)


def test_an_entry_that_is_no_part_of_a_package_is_named() -> None:
    assert any(text.startswith("solutions: is not part of a package") for text in texts({"solutions/x.py": b""}))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'level = "junior"', b'level = "expert"', "challenge.toml: level: input should be 'junior'"),
        (b"minutes = 30", b"minuts = 30", "challenge.toml: minuts: is not a known key (known here: format, title"),
        (b"minutes = 30", b"", "challenge.toml: minutes: is missing; add it"),
        (b"minutes = 30", b"minutes = = 30", "challenge.toml: is not TOML: Invalid value (at line 8"),
        (b"format = 1", b"format = 2", "challenge.toml: format: input should be 1, found 2"),
        (b"points = 60", b"points = 50", "challenge.toml: requirements: points add up to 90"),
        (b'id = "R2"', b'id = "R1"', "challenge.toml: requirements: two have the same id"),
        (b"points = 60", b"points = 60\nweight = 2", "challenge.toml: requirements.0.weight: is not a known key"),
        (b"[app]", b"[limits]\nrequest_s = 50\n[app]", "challenge.toml: limits.request_s: input should be less than"),
        (b"[app]", b'services = ["postgresql"]\n[app]', "challenge.toml: services: this version knows postgres, redis"),
        (b"library:create_app", b"library", "challenge.toml: app.entry: string should match"),
    ],
)
def test_a_wrong_manifest_is_explained_with_its_key(old: bytes, new: bytes, problem: str) -> None:
    assert old in MANIFEST
    assert any(text.startswith(problem) for text in texts({"challenge.toml": MANIFEST.replace(old, new, 1)}))


def test_a_mistake_without_its_table_is_named() -> None:
    assert f"{MISTAKE}: is missing; add it with summary and must_fail" in texts({MISTAKE: None})


def test_a_mistakes_table_holds_exactly_two_keys() -> None:
    text = b'summary = "x"\nmust_fail = ["t.py::test"]\nwhy = "y"\n'
    assert any(each.startswith(f"{MISTAKE}: why: is not a known key") for each in texts({MISTAKE: text}))
    assert any(f"{MISTAKE}: must_fail" in each for each in texts({MISTAKE: b'summary = "x"\nmust_fail = []\n'}))


def test_a_file_beside_the_fixes_and_a_name_that_is_none_are_told() -> None:
    found = texts({"fixes/fees.py": b"", "fixes/My Fix/library/fees.py": b""})
    assert "fixes/fees.py: lies beside the fixes; put it into fixes/<name>/" in found
    assert any(text.startswith("fixes/My Fix: is no usable name") for text in found)


def test_an_empty_fix_is_told(folder: Path) -> None:
    (folder / "fixes" / "nothing").mkdir()
    with pytest.raises(PackageInvalid, match="fixes/nothing: is empty"):
        load_package(folder)


def test_text_that_is_not_utf8_is_told() -> None:
    assert "brief.md: is not UTF-8 at byte 1; save it as UTF-8" in texts({"brief.md": b"R\xff"})
    assert "challenge.toml: is not UTF-8 at byte 0; save it as UTF-8" in texts({"challenge.toml": b"\xff"})


def test_a_damaged_inventory_is_told_with_the_command_that_mends_it() -> None:
    for data in (b"{", b'{"format": 1, "tests": []}', b'{"format": 1, "derived_from": "x", "tests": [], "y": 1}'):
        found = [text for text in texts({"inventory.json": data}) if text.startswith("inventory.json")]
        assert found
        assert f"check {SLUG} --write" in found[0]


def test_a_list_that_is_empty_is_told_without_the_words_of_a_library() -> None:
    manifest = re.sub(rb"editable = \[.*?\]", b"editable = []", GOOD["challenge.toml"], flags=re.DOTALL)
    assert "challenge.toml: editable: is empty; name at least one" in texts({"challenge.toml": manifest})


def test_a_folder_whose_name_is_no_slug_is_told() -> None:
    assert any("is no slug" in text for text in texts({}, slug="Late_Fees"))


def test_a_file_whose_name_is_not_utf8_is_a_problem_of_that_file(folder: Path) -> None:
    (folder / "starter" / os.fsdecode(b"\xff.py")).touch()
    with pytest.raises(PackageInvalid) as caught:
        load_package(folder)
    assert [str(problem) for problem in caught.value.problems] == [
        "starter/\\xff.py: has a name that is not UTF-8; rename it"
    ]


def test_a_symlink_in_a_package_is_refused(folder: Path) -> None:
    (folder / "starter" / "passwd").symlink_to("/etc/passwd")
    (folder / "hidden" / "etc").symlink_to("/etc")
    with pytest.raises(PackageInvalid) as caught:
        load_package(folder)
    assert {problem.file for problem in caught.value.problems} == {"starter/passwd", "hidden/etc"}


def test_a_special_file_in_a_package_is_refused(folder: Path) -> None:
    os.mkfifo(folder / "starter" / "pipe")
    with pytest.raises(PackageInvalid, match="starter/pipe: is no regular file"):
        load_package(folder)


def test_a_folder_that_is_too_large_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "MOST_FILES", 3)
    assert any("larger than 3 files" in problem.message for problem in read_tree(folder).problems)
    monkeypatch.setattr(tree_module, "MOST_FILES", 2000)
    monkeypatch.setattr(tree_module, "MOST_BYTES", 100)
    tree = read_tree(folder)
    assert any("or 100 bytes" in problem.message for problem in tree.problems)
    assert sum(map(len, tree.files.values())) <= 100


def test_a_folder_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ChallengeNotFound):
        load_package(tmp_path / "gone")
    assert read_tree(tmp_path / "gone").problems[0].message.startswith("can't be read")


def test_a_challenge_is_found_by_slug_and_by_path(folder: Path) -> None:
    root = folder.parent
    assert find_challenge(SLUG, root) == folder
    assert find_challenge(str(folder), root / "elsewhere") == folder
    assert find_challenge(str(folder / "challenge.toml"), root / "elsewhere") == folder
    assert list_challenges(root) == [folder]
    assert list_challenges(root / "elsewhere") == []


def test_a_misspelt_slug_gets_near_misses(folder: Path) -> None:
    with pytest.raises(ChallengeNotFound) as caught:
        find_challenge("late-fee", folder.parent)
    assert caught.value.hint == "did you mean late-fees?"
    with pytest.raises(ChallengeNotFound) as caught:
        find_challenge("zzz", folder.parent)
    assert "there are: late-fees" in str(caught.value.hint)
    with pytest.raises(ChallengeNotFound) as caught:
        find_challenge("../late-fees", folder)
    assert "challenge new" in str(caught.value.hint)


def test_a_new_package_never_overwrites(folder: Path) -> None:
    with pytest.raises(MendboxError, match="is there already"):
        write_new_package(folder, dict(GOOD))
