"""Variants on the command line, on the real engine: proven by `check`, graded, and named by the receipt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mendbox.grade_command import read_receipt
from runner.packages.finder import write_new_package
from runner.packages.loader import load_package
from tests.mendbox.cli import Cli, cli_in
from tests.packages.samples import GOOD, VARYING

SLUG = "late-fees"
BUG = "bug=in-the-pages"


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    folder = tmp_path_factory.mktemp("variants")
    write_new_package(folder / "challenges" / SLUG, dict(VARYING))
    return cli_in(folder, MENDBOX_CHALLENGES=str(folder / "challenges"))


@pytest.fixture(scope="module")
def proven(author: Cli) -> Cli:
    """With inventories as `check --write` derives them."""
    done = author("challenge", "check", SLUG, "--write", "--json")
    assert done.code == 0, done.out + done.err
    (challenge,) = done.json["challenges"]
    assert (challenge["ok"], challenge["problems"]) == (True, [])
    assert challenge["variants"] == [BUG, "lent=1,package=1", f"lent=2,package=1,{BUG}"]
    return author


def fix(mendbox: Cli, path: str) -> Path:
    return mendbox.folder / "challenges" / SLUG / path


def test_each_bug_has_its_inventory(proven: Cli) -> None:
    package = load_package(fix(proven, ""))
    (bug,) = package.bugs.values()
    assert package.inventory is not None
    assert bug.inventory is not None
    assert bug.inventory.derived_from == bug.evidence_digest
    assert {test.id for test in bug.inventory.tests} == {test.id for test in package.inventory.tests}


def test_a_fix_for_one_bug_is_none_for_another(proven: Cli) -> None:
    for path, variant, score in (
        ("fixes/clamped", "base", 100),
        ("fixes/clamped", BUG, 0),
        ("bugs/in-the-pages/fixes/in-steps", BUG, 100),
        ("bugs/in-the-pages/fixes/in-steps", "base", 0),
    ):
        done = proven("grade", SLUG, fix(proven, path), "--variant", variant, "--json")
        assert done.code == 0, done.err
        assert (done.json["score"], done.json["challenge"]["variant"]) == (score, variant), path


def test_a_receipt_names_the_variant_and_grades_it_again(proven: Cli, tmp_path: Path) -> None:
    proven("challenge", "variants", SLUG, "lent=1,package=1", "--to", tmp_path / "given")
    mended = (tmp_path / "given/archive/fees.py").read_text().replace(".days + 1", ".days")
    (tmp_path / "given/archive/fees.py").write_text(
        mended.replace(
            "return max(days_late, 0) * CENTS_PER_DAY", "return min(max(days_late, 0) * CENTS_PER_DAY, 1000)"
        )
    )
    first = proven(
        "grade", SLUG, tmp_path / "given", "--variant", "lent=1,package=1", "--output", "grade.json", "--json"
    )
    assert (first.code, first.json["score"]) == (0, 100), first.err
    assert first.json["receipt"]["variant"] == "lent=1,package=1"
    again = proven("grade", SLUG, tmp_path / "given", "--receipt", "grade.json", "--json")
    assert again.json["comparison"] == {"same": True, "differences": []}
    both = proven("grade", SLUG, tmp_path / "given", "--receipt", "grade.json", "--variant", "base")
    assert (both.code, both.out) == (2, "")
    assert "leave out --variant: a receipt has its own" in both.err


def test_a_receipt_from_before_there_were_variants_is_read(tmp_path: Path) -> None:
    receipt = {"challenge": SLUG, "challenge_digest": "sha256:1", "submission_digest": "sha256:2", "image": "i"}
    receipt |= {"seed": 1, "runtime": "runc", "versions": {}, "score": 100, "verdict": "solved"}
    (tmp_path / "receipt.json").write_text(json.dumps(receipt))
    assert read_receipt(tmp_path / "receipt.json").receipt.variant is None


def test_what_differs_is_shown(author: Cli) -> None:
    shown = author("challenge", "variants", SLUG)
    assert shown.code == 0
    assert "lent=1" in shown.out
    assert "film, films" in shown.out
    assert f"{BUG}  The pages reckon the fee themselves." in shown.out
    assert "12 variants in all" in shown.out
    (row,) = author("challenge", "list", "--json").json["challenges"]
    assert row["variants"] == 12
    drawn = author("challenge", "variants", SLUG, "7", "--json").json
    assert drawn["variant"] == author("challenge", "variants", SLUG, drawn["variant"], "--json").json["variant"]
    brief = author("challenge", "show", SLUG, "--variant", "lent=1", "--json").json["brief"]
    assert "I brought the film back" in brief
    other = author("challenge", "diff", SLUG, "--variant", BUG, "--json").json
    assert set(other["patches"]) == {"fixes/at-once", "fixes/in-steps"}


def test_a_variant_that_is_none_is_refused_with_what_there_is(author: Cli, tmp_path: Path) -> None:
    for command in (("challenge", "show", SLUG, "--variant", "lent=9"), ("challenge", "variants", SLUG, "lent=9")):
        done = author(*command)
        assert (done.code, done.out) == (2, "")
        assert "lent has no value 9" in done.err
        assert "lent=0…2,package=0…1,bug=in-the-pages" in done.err
    done = author("challenge", "variants", SLUG, "--to", tmp_path / "x")
    assert (done.code, "--to writes one variant" in done.err) == (2, True)


def test_static_checks_look_at_bugs_and_words(author: Cli, tmp_path: Path) -> None:
    spoilt = dict(VARYING)
    spoilt["bugs/in-the-pages/starter/library/loose.py"] = GOOD["hidden/test_fees.py"]
    spoilt["challenge.toml"] = spoilt["challenge.toml"].replace(b'["game", "games"]', b'["loan", "games"]')
    write_new_package(tmp_path / "challenges" / SLUG, spoilt)
    mendbox = cli_in(tmp_path, MENDBOX_CHALLENGES=str(tmp_path / "challenges"))
    done = mendbox("challenge", "check", SLUG, "--write", "--static", "--json")
    assert done.code == 1
    (challenge,) = done.json["challenges"]
    said = [(each["file"], each["key"], each["message"]) for each in challenge["problems"]]
    assert any(file == "bugs/in-the-pages/starter/library/loose.py" for file, _, _ in said), said
    assert any(
        key == "variations.0.values.2" and "has the word 'loan' as it stands" in message for _, key, message in said
    ), said
