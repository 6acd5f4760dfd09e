"""Reviews become a score once there are two, and what they differ in is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.assessments.rubric import MOST, RUBRIC, checked, differences, percent, problem_solving

NAMES = [criterion.name for criterion in RUBRIC]
REVIEWS = st.fixed_dictionaries({name: st.integers(0, MOST) for name in NAMES})


def review(*points: int) -> dict[str, int]:
    return dict(zip(NAMES, points, strict=True))


def test_a_review_has_every_criterion_within_its_range() -> None:
    assert checked(review(4, 3, 2, 1, 0)) == review(4, 3, 2, 1, 0)
    for wrong in ({}, review(0, 0, 0, 0, 0) | {"more": 1}, dict.fromkeys(NAMES[1:], 1)):
        with pytest.raises(ValueError, match="points for each of: cause, choice"):
            checked(wrong)
    for value in (-1, MOST + 1):
        with pytest.raises(ValueError, match="0 to 4 points"):
            checked(review(value, 0, 0, 0, 0))


def test_one_opinion_is_no_score() -> None:
    assert problem_solving([]) is None
    assert problem_solving([review(4, 4, 4, 4, 4)]) is None
    assert problem_solving([review(4, 4, 4, 4, 4), review(2, 2, 2, 2, 2)]) == 75
    assert problem_solving([review(4, 4, 4, 4, 3), review(4, 4, 4, 4, 4)]) == 98  # 97.5, half up


def test_it_is_seen_where_they_differ() -> None:
    found = differences([review(4, 3, 2, 1, 0), review(4, 1, 2, 4, 0), review(3, 3, 2, 1, 0)])
    assert found == review(1, 2, 0, 3, 0)


@given(st.lists(REVIEWS, min_size=2, max_size=5))
def test_a_score_is_between_the_least_and_the_most(reviews: list[dict[str, int]]) -> None:
    score = problem_solving(reviews)
    assert score is not None
    assert min(map(percent, reviews)) <= score <= max(map(percent, reviews))


@given(REVIEWS)
def test_all_points_are_100_and_none_is_nothing(points: dict[str, int]) -> None:
    assert 0 <= percent(points) <= 100
    assert percent(dict.fromkeys(NAMES, MOST)) == 100
    assert percent(dict.fromkeys(NAMES, 0)) == 0
