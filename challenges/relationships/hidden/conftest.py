"""What the tests share: the register as it was stored, whether the app agrees with it, words that nobody has used."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import Hall
from register import Register


@pytest.fixture
def hall(seed: int) -> Hall:
    """The hall of this grading."""
    return Hall(seed)


@pytest.fixture
def register(hall: Hall) -> Register:
    """The register at first."""
    return Register(hall.rows)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another word at each call."""
    return lambda: "".join(rng.choice("aeiou" if place % 2 else "bdfghklmnprst") for place in range(9))


@pytest.fixture
def agrees(app: Any, client: Any) -> Callable[..., None]:
    """Asserts that the database holds just these rows, and that lists and these objects and exhibitions show them."""

    def agrees(register: Register, *, items: Any = (), exhibitions: Any = ()) -> None:
        told = app.call("mendbox_harness:stored")
        assert {table: sorted(rows, key=str) for table, rows in told.items()} == {
            table: sorted(rows, key=str) for table, rows in register.stored().items()
        }
        assert client.get("/labels").json == {"labels": register.labels()}
        assert client.get("/items").json == {"items": register.items()}
        assert client.get("/keywords").json == {"keywords": register.keywords()}
        assert client.get("/figures").json == register.figures()
        for number in items:
            assert client.get(f"/items/{number}").json == register.item(number)
        for number in exhibitions:
            assert client.get(f"/exhibitions/{number}").json == register.exhibition(number)

    return agrees
