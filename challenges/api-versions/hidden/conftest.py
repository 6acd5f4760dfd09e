"""The network of this grading, words that nobody knows, and ids that nothing has."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from mendbox_harness import Grid


@pytest.fixture
def grid(seed: int) -> Grid:
    """The network that the harness stored for this grading."""
    return Grid(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another word at each call."""
    return lambda: f"w{rng.getrandbits(36):09x}"


@pytest.fixture
def nobodys(rng: random.Random) -> int:
    """An id that no session has."""
    return rng.randrange(200_000, 2**31)
