"""The county of this grading, words that nobody knows, and ids that nothing has."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from mendbox_harness import County


@pytest.fixture
def county(seed: int) -> County:
    """The county that the harness stored for this grading."""
    return County(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another word at each call."""
    return lambda: f"w{rng.getrandbits(36):09x}"


@pytest.fixture
def nothings(rng: random.Random) -> int:
    """An id that neither a loan nor a copy has."""
    return rng.randrange(5_000, 2**31)
