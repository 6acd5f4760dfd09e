"""What the tests share: the town, browsers that are signed in, and what is stored of a resident."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from browsers import Browser
from mendbox_harness import Resident, Town, draw_plate


@pytest.fixture
def town(seed: int) -> Town:
    """The town of this grading."""
    return Town(seed)


@pytest.fixture
def browser(app: Any) -> Callable[..., Browser]:
    """Gives another browser at each call, signed in as the resident if one is given."""

    def open_browser(resident: Resident | None = None) -> Browser:
        opened = Browser(app.client())
        if resident is not None:
            assert opened.sign_in(resident).status_code == 302
        return opened

    return open_browser


@pytest.fixture
def resident(town: Town, rng: random.Random) -> Resident:
    """Some resident."""
    return rng.choice(town.residents)


@pytest.fixture
def mine(browser: Callable[..., Browser], resident: Resident) -> Browser:
    """The resident's browser, signed in."""
    return browser(resident)


@pytest.fixture
def plate(rng: random.Random) -> Callable[[], str]:
    """Gives another plate at each call."""
    return lambda: draw_plate(rng)
