"""What the tests share: the register, the way up and down, and what stands in the tables, read by the administrator."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import Register


class Migrations:
    """The candidate's, run in the app's place."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def up(self) -> None:
        """To the latest revision, which must work."""
        assert self._app.call("mendbox_harness:upgrade") is None

    def down(self) -> None:
        """To revision 0002, which must work."""
        assert self._app.call("mendbox_harness:downgrade") is None

    def tried(self) -> str | None:
        """What is said of an upgrade, or None if it works."""
        said = self._app.call("mendbox_harness:upgrade")
        return None if said is None else str(said)

    def refused(self) -> str:
        """What is said of an upgrade that must not work."""
        said = self.tried()
        assert said is not None
        return said


@pytest.fixture
def register(seed: int) -> Register:
    """The register of this grading."""
    return Register(seed)


@pytest.fixture
def migrations(app: Any) -> Migrations:
    """The way up and down."""
    return Migrations(app)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another word at each call."""
    return lambda: "".join(rng.choice("aeiou" if place % 2 else "bdfgklmnprst") for place in range(10))
