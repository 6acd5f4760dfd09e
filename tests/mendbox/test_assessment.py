"""`mendbox assessment list | show | check`."""

from __future__ import annotations

from pathlib import Path

from tests.mendbox.cli import ROOT, Cli, cli_in

SHIPPED = {"junior-backend", "mid-backend", "senior-backend"}


def _of_the_checkout(folder: Path) -> Cli:
    return cli_in(folder, MENDBOX_ASSESSMENTS=str(ROOT / "assessments"), MENDBOX_CHALLENGES=str(ROOT / "challenges"))


def test_those_that_are_shipped_are_listed_and_shown(tmp_path: Path) -> None:
    mendbox = _of_the_checkout(tmp_path)
    listed = mendbox("assessment", "list", "--json").json["assessments"]
    assert {row["name"] for row in listed} >= SHIPPED
    assert all(row["valid"] and row["minutes"] >= 60 for row in listed)
    assert "Backend developer, mid level" in mendbox("assessment", "list").out

    shown = mendbox("assessment", "show", "mid-backend")
    assert shown.code == 0
    assert "n-plus-one" in shown.out
    assert "23.3" in shown.out
    assert "from reviewers" in shown.out
    assert mendbox("assessment", "show", "mid-backend", "--json").json["weights"]["practical"] == 35


def test_all_are_checked_and_a_fault_ends_with_1(tmp_path: Path) -> None:
    assert _of_the_checkout(tmp_path)("assessment", "check").code == 0
    (tmp_path / "mine").mkdir()
    text = (ROOT / "assessments" / "mid-backend.toml").read_text()
    (tmp_path / "mine" / "bad.toml").write_text(text.replace("n-plus-one", "n-plus-two"))
    (tmp_path / "mine" / "good.toml").write_text(text)
    mendbox = cli_in(tmp_path, MENDBOX_ASSESSMENTS=str(tmp_path / "mine"), MENDBOX_CHALLENGES=str(ROOT / "challenges"))
    done = mendbox("assessment", "check")
    assert done.code == 1
    assert "✗ bad" in done.out
    assert "✓ good" in done.out
    assert "challenges.0.slug: there is no challenge n-plus-two" in done.out
    as_json = mendbox("assessment", "check", "bad", "--json")
    assert as_json.code == 1
    assert as_json.json["assessments"][0]["problems"][0]["key"] == "challenges.0.slug"
    assert [row["valid"] for row in mendbox("assessment", "list", "--json").json["assessments"]] == [False, True]
    assert mendbox("assessment", "show", "bad").code == 2


def test_where_there_is_none_it_is_said_how_to_write_one(tmp_path: Path) -> None:
    mendbox = cli_in(tmp_path, MENDBOX_ASSESSMENTS=str(tmp_path / "none"))
    assert "docs/assessments.md" in mendbox("assessment", "list").out
    done = mendbox("assessment", "check")
    assert done.code == 2
    assert "docs/assessments.md" in done.err
