"""What the tests share: the association, browsers, and a clock that stands."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import Association


@pytest.fixture
def association(seed: int) -> Association:
    """The association of this grading."""
    return Association(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another word at each call."""
    return lambda: "".join(rng.choice("aeiou" if place % 2 else "bdfgklmnprst") for place in range(12))


@pytest.fixture
def stored(app: Any) -> Callable[[], list[tuple[str, str, str]]]:
    """Gives all that stands in the database: table, column, value."""
    return lambda: [(table, column, value) for table, column, value in app.call("mendbox_harness:stored")]


@pytest.fixture
def standing(clock: Any, rng: random.Random) -> Any:
    """The clock, which stands until it is moved."""
    clock.freeze(at=1_800_000_000 + rng.randrange(10**7))
    return clock
