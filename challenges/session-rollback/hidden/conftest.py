"""What the tests share: the dairy, readings that differ from run to run, and how the API shows what is stored."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from desk import Desk
from mendbox_harness import Dairy
from werkzeug.test import Client


@pytest.fixture
def dairy(seed: int) -> Dairy:
    """What the harness stored for this grading."""
    return Dairy(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another capitalised word at each call."""
    syllables = ("ba", "do", "fe", "gu", "hi", "jo", "ka", "lu", "mi", "ne", "po", "ra", "si", "tu", "ve", "wo")
    return lambda: "".join(rng.choices(syllables, k=5)).title()


@pytest.fixture
def desk(client: Client, dairy: Dairy, rng: random.Random) -> Desk:
    """Someone who reads dockets and looks things up, and begins with one that nobody has.

    So a test is known by its first address, as a replay of another grading would have to know it.
    """
    opened = Desk(client, dairy, rng)
    assert opened.shown(opened.docket()) is None
    return opened


@pytest.fixture
def code_of() -> Callable[[Any], tuple[int, str]]:
    """Status and code of an error."""
    return lambda answer: (answer.status_code, answer.json["error"]["code"])
