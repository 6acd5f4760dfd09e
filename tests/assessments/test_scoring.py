"""From grades to the score of an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.assessments.model import Assessment
from runner.assessments.scoring import score
from runner.packages.manifest import Area

AREAS = {"one": Area.CORE, "two": Area.PRACTICAL, "three": Area.PRACTICAL, "four": Area.PRODUCTION}


def _assessment(weights: Mapping[str, int] | None = None, slugs: tuple[str, ...] = tuple(AREAS)) -> Assessment:
    chosen = [{"slug": slug, "weight": 2 if slug == "two" else 1} for slug in slugs]
    document = {"format": 1, "title": "T", "version": "1.0.0", "summary": "S", "pass_line": 60, "attempts": 3}
    return Assessment.model_validate(
        {**document, "challenges": chosen, **({"weights": weights} if weights is not None else {})}
    )


def test_full_marks_everywhere_are_100_and_none_are_0() -> None:
    best = score(_assessment(), AREAS, dict.fromkeys(AREAS, 100), 100)
    assert (best.score, best.passed, best.missing) == (100, True, ())
    worst = score(_assessment(), AREAS, dict.fromkeys(AREAS, 0), 0)
    assert (worst.score, worst.passed) == (0, False)


def test_a_challenge_earns_its_share_of_its_areas_points() -> None:
    # Of 35 points: two has 2 of 3 parts, three has 1.
    only_two = score(_assessment(), AREAS, {"one": 0, "two": 100, "three": 0, "four": 0}, 0)
    assert only_two.areas[Area.PRACTICAL] == Fraction(200, 3)
    assert only_two.score == 23
    only_three = score(_assessment(), AREAS, {"one": 0, "two": 0, "three": 100, "four": 0}, 0)
    assert only_three.score == 12


def test_what_is_not_there_counts_nothing_and_is_named() -> None:
    found = score(_assessment(), AREAS, {"one": 100, "four": 100})
    assert found.score == 50
    assert found.missing == ("two", "three", "problem solving")


def test_a_half_is_rounded_up() -> None:
    assessment = _assessment({"core": 50, "practical": 50}, ("one", "two"))
    assert score(assessment, AREAS, {"one": 60, "two": 59}).score == 60
    assert score(assessment, AREAS, {"one": 60, "two": 59}).passed
    assert score(assessment, AREAS, {"one": 60, "two": 58}).score == 59


def test_an_area_without_weight_is_not_there() -> None:
    assessment = _assessment({"core": 100}, ("one",))
    found = score(assessment, AREAS, {"one": 80})
    assert (found.score, found.missing, set(found.areas)) == (80, (), {Area.CORE})


def test_reviewers_and_challenges_of_problem_solving_count_half_each() -> None:
    assessment = _assessment({"problem solving": 100}, ("one",))
    found = score(assessment, {"one": Area.PROBLEM_SOLVING}, {"one": 100}, 50)
    assert found.score == 75


@given(st.dictionaries(st.sampled_from(sorted(AREAS)), st.integers(0, 100)), st.integers(0, 100))
def test_more_points_anywhere_are_never_a_lower_score(scores: dict[str, int], review: int) -> None:
    found = score(_assessment(), AREAS, scores, review)
    assert 0 <= found.score <= 100
    for slug in AREAS:
        raised = {**scores, slug: min(100, scores.get(slug, 0) + 10)}
        assert score(_assessment(), AREAS, raised, review).score >= found.score


@pytest.mark.parametrize("line", [1, 60, 100])
def test_the_pass_line_is_held_against_the_rounded_score(line: int) -> None:
    assessment = _assessment().model_copy(update={"pass_line": line})
    scores = dict.fromkeys(AREAS, line)
    assert score(assessment, AREAS, scores, line).passed
    assert not score(assessment, AREAS, {**scores, "two": line - 1, "one": line - 1, "four": line - 1}, line - 1).passed
