"""The clinic of this grading."""

from __future__ import annotations

import pytest
from mendbox_harness import Clinic


@pytest.fixture
def clinic(seed: int) -> Clinic:
    """The clinic that the harness stored for this grading."""
    return Clinic(seed)


@pytest.fixture
def unknown(rng) -> int:
    """An id that nothing has."""
    return rng.randrange(10_000, 2**31)
