"""Assessments: their form, held against the library, and what is told of a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.assessments.loader import (
    diagnose_assessment,
    find_assessment,
    list_assessments,
    load_assessment,
    manifests_in,
)
from runner.assessments.model import WEIGHTS, Assessment
from runner.errors import MendboxError, PackageInvalid
from runner.packages.manifest import Area, Manifest

ROOT = Path(__file__).resolve().parents[2]
GOOD = """
format = 1
title = "Backend"
version = "1.0.0"
summary = "Mends."
pass_line = 60
attempts = 3
{more}
[[challenges]]
slug = "one"

[[challenges]]
slug = "two"
weight = 2

[[challenges]]
slug = "three"
"""


def _manifest(area: str, minutes: int = 40) -> Manifest:
    return Manifest.model_validate(
        {
            "format": 1,
            "title": "T",
            "version": "1.0.0",
            "level": "mid",
            "area": area,
            "minutes": minutes,
            "summary": "S",
            "editable": ["a.py"],
            "app": {"entry": "a:b"},
            "requirements": [{"id": "R1", "title": "t", "points": 100, "message": "m"}],
        }
    )


LIBRARY = {"one": _manifest("core"), "two": _manifest("practical", 60), "three": _manifest("production")}


def _read(tmp_path: Path, text: str, name: str = "backend") -> tuple[Assessment | None, list[str]]:
    file = tmp_path / f"{name}.toml"
    file.write_text(text)
    found, problems = diagnose_assessment(file, LIBRARY)
    return found, [str(problem) for problem in problems]


def test_one_that_is_right_has_the_usual_weights_and_the_sum_of_its_times(tmp_path: Path) -> None:
    found, problems = _read(tmp_path, GOOD.format(more=""))
    assert problems == []
    assert found is not None
    assert found.weights == WEIGHTS
    assert sum(WEIGHTS.values()) == 100
    assert found.minutes_of(LIBRARY) == 140
    assert [each.weight for each in found.challenges] == [1, 2, 1]


def test_times_of_its_own_count(tmp_path: Path) -> None:
    text = GOOD.format(more="").replace('slug = "one"', 'slug = "one"\nminutes = 30')
    found, _ = _read(tmp_path, text)
    assert found is not None
    assert found.minutes_of(LIBRARY) == 130
    found, _ = _read(tmp_path, GOOD.format(more="minutes = 90"))
    assert found is not None
    assert found.minutes_of(LIBRARY) == 90


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"one"', '"onne"', "backend.toml: challenges.0.slug: there is no challenge onne"),
        ('"two"', '"one"', "challenges.1.slug: names one again"),
        ("pass_line = 60", "pass_line = 0", "pass_line: "),
        ("pass_line = 60", "passline = 60", "passline: is not a known key"),
        ("attempts = 3", "", "attempts: is missing"),
        ("attempts = 3", "attempts = 3\nminutes = 50", "minutes: is 50, and one of its challenges alone takes 60"),
        ("weight = 2", "weight = 0", "challenges.1.weight: "),
        ("format = 1", "format = 2", "format: "),
        ("format = 1", "format = [", "is not TOML"),
        ("attempts = 3", "attempts = 3\n[weights]\ncore = 50\npractical = 30", "weights: add up to 80"),
        (
            "attempts = 3",
            "attempts = 3\n[weights]\ncore = 50\npractical = 50",
            "challenges.2.slug: three is of the area production, which weighs nothing here",
        ),
        ("attempts = 3", "attempts = 3\n[weights]\ncoer = 100", "weights.coer"),
    ],
)
def test_a_fault_is_told_with_its_key(tmp_path: Path, before: str, after: str, said: str) -> None:
    text = GOOD.format(more="")
    assert before in text
    _, problems = _read(tmp_path, text.replace(before, after))
    assert any(said in problem for problem in problems), problems


def test_a_weight_that_nobody_can_earn_is_a_fault_but_for_what_reviewers_score(tmp_path: Path) -> None:
    text = GOOD.format(more="").rpartition("[[challenges]]")[0]
    _, problems = _read(tmp_path, text)
    assert problems == [
        (
            "backend.toml: weights.production: is 25, and no challenge here is of that area; add one, or give the "
            "weight to others"
        )
    ]


def test_a_name_of_another_form_and_a_file_that_is_none_are_told(tmp_path: Path) -> None:
    _, problems = _read(tmp_path, GOOD.format(more=""), "Back End")
    assert "can't name an assessment" in problems[0]
    _, problems = _read(tmp_path, "#" * 300_000)
    assert "no assessment" in problems[0]
    assert "can't be read" in str(diagnose_assessment(tmp_path / "gone.toml", LIBRARY)[1][0])


def test_one_is_found_by_its_name_and_a_near_miss_is_helped(tmp_path: Path) -> None:
    _read(tmp_path, GOOD.format(more=""))
    assert [file.stem for file in list_assessments(tmp_path)] == ["backend"]
    assert load_assessment(find_assessment("backend", tmp_path), LIBRARY).title == "Backend"
    with pytest.raises(MendboxError) as caught:
        find_assessment("backnd", tmp_path)
    assert caught.value.hint == "did you mean backend?"
    with pytest.raises(PackageInvalid):
        load_assessment(tmp_path / "backend.toml", {})
    assert list_assessments(tmp_path / "nowhere") == []


def test_those_that_are_shipped_are_right() -> None:
    manifests = manifests_in(ROOT / "challenges")
    files = list_assessments(ROOT / "assessments")
    assert {"junior-backend", "mid-backend", "senior-backend"} <= {file.stem for file in files}
    for file in files:
        found, problems = diagnose_assessment(file, manifests)
        assert problems == []
        assert found is not None
        # Whoever says what level it is for has challenges of that level in it.
        level = file.stem.partition("-")[0]
        assert level in {manifests[chosen.slug].level.value for chosen in found.challenges}
        assert found.weight_of(Area.PROBLEM_SOLVING) > 0
