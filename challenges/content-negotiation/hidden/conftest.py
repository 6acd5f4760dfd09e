"""What the tests share: the harbour, a reader of its board, words and weights that differ from run to run."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from board import Board
from mendbox_harness import Harbour
from werkzeug.test import Client


@pytest.fixture
def harbour(seed: int) -> Harbour:
    """What the harness stored for this grading."""
    return Harbour(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another capitalised word at each call."""
    syllables = ("ba", "do", "fe", "gu", "hi", "jo", "ka", "lu", "mi", "ne", "po", "ra", "si", "tu", "ve", "wo")
    return lambda: "".join(rng.choices(syllables, k=5)).title()


@pytest.fixture
def board(client: Client, harbour: Harbour, rng: random.Random) -> Board:
    """Reads the board in all formats. What it does not say of `Accept` is drawn."""
    return Board(client, harbour, rng)
