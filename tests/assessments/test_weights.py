"""Weights for whoever says nothing of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.assessments.model import WEIGHTS
from runner.assessments.weights import shared_weights
from runner.packages.manifest import Area


def test_all_areas_have_the_usual_weights() -> None:
    assert shared_weights(set(Area)) == dict(WEIGHTS)


def test_some_share_all_of_it() -> None:
    assert shared_weights({Area.CORE}) == {Area.CORE: 100}
    assert shared_weights({Area.CORE, Area.PRACTICAL}) == {Area.CORE: 42, Area.PRACTICAL: 58}


def test_no_area_is_an_error() -> None:
    with pytest.raises(ValueError, match="no area"):
        shared_weights(set())


@given(st.sets(st.sampled_from(Area), min_size=1))
def test_they_always_add_up(areas: set[Area]) -> None:
    found = shared_weights(areas)
    assert sum(found.values()) == 100
    assert set(found) == areas
