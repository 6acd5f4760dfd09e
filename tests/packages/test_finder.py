"""Where a challenge and what belongs to it are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.packages.finder import own_files, services_in, slug_of

CHALLENGES = Path(__file__).parents[2] / "challenges"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in ("late-fees/mistakes/refunds", "late-fees/fixes/clamped", "other/mistakes/refunds"):
        (tmp_path / path).mkdir(parents=True)
    (tmp_path / "late-fees" / "challenge.toml").touch()
    return tmp_path


def test_a_mistakes_folder_has_its_description_beside_its_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_files(folder / "late-fees/mistakes/refunds", "late-fees") == {"mistake.toml"}
    monkeypatch.chdir(folder / "late-fees/mistakes/refunds")
    assert own_files(Path(), "late-fees") == {"mistake.toml"}


@pytest.mark.parametrize(
    ("place", "slug"),
    [
        ("late-fees/mistakes/refunds", "user-500"),
        ("late-fees/mistakes", "late-fees"),
        ("late-fees/fixes/clamped", "late-fees"),
        ("other/mistakes/refunds", "other"),
    ],
)
def test_no_other_folder_has_files_of_the_challenges_own(folder: Path, place: str, slug: str) -> None:
    assert own_files(folder / place, slug) == frozenset()


def test_a_path_to_a_package_has_its_slug_and_any_other_name_stays_as_it_is(folder: Path) -> None:
    assert slug_of(str(folder / "late-fees")) == "late-fees"
    assert slug_of("late-fees") == "late-fees"
    assert slug_of(str(folder / "other")) == str(folder / "other")


def test_services_are_those_that_readable_manifests_name(tmp_path: Path) -> None:
    manifest = (CHALLENGES / "n-plus-one" / "challenge.toml").read_text()
    for name, text in (
        ("one", manifest),
        ("two", manifest.replace('["postgres"]', "[]")),
        ("three", "no = toml = at all"),
        ("four", manifest + '\n[[bugs]]\nname = "other"\nsummary = "Another."\nservices = ["redis"]\n'),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "challenge.toml").write_text(text)
    assert services_in(tmp_path) == {("postgres",), ("redis",)}
    assert services_in(tmp_path / "nowhere") == set()
