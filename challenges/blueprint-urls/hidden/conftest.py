"""What the tests share: the bank, words that differ from run to run, and the app in two places."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from mendbox_harness import SYLLABLES, Bank
from visiting import Place
from werkzeug.test import Client


@pytest.fixture
def bank(seed: int) -> Bank:
    """The bank that the harness stored for this grading."""
    return Bank(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another lower-case word at each call."""
    return lambda: "".join(rng.choices(SYLLABLES, k=5))


@pytest.fixture
def home(client: Client) -> Place:
    """The app on a server of its own."""
    return Place(client, "")


@pytest.fixture
def below(client: Client, word: Callable[[], str]) -> Place:
    """The app below a path of some other server."""
    return Place(client, f"/{word()}/{word()}")


@pytest.fixture(params=["home", "below"])
def place(request: pytest.FixtureRequest) -> Place:
    """Both of these, one after the other."""
    return request.getfixturevalue(request.param)
