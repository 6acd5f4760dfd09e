"""What the tests share: the bakery, how its answers look, and apps that are made on the way."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import Bakery, Branch
from werkzeug.test import Client

SYLLABLES = ("ba", "do", "fe", "gu", "hi", "jo", "ka", "lu", "mi", "ne", "po", "ra", "si", "tu", "ve", "wo")


@pytest.fixture
def bakery(seed: int) -> Bakery:
    """The branches of this grading."""
    return Bakery(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another lower-case word at each call."""
    return lambda: "".join(rng.choices(SYLLABLES, k=5))


@pytest.fixture
def opened(app: Any, word: Callable[[], str]) -> Callable[..., str]:
    """`opened(CURRENCY="EUR")` makes another app of these settings, in memory, and gives its path."""

    def opened(environment: dict[str, str] | None = None, **given: Any) -> str:
        slug = word()
        app.call("mendbox_harness:open_branch", slug, {"DATABASE_URL": "sqlite://"} | given, environment)
        return slug

    return opened


@pytest.fixture
def run(app: Any) -> Callable[..., str]:
    """`run(slug, "add-product", …)` runs a command of a branch, which must succeed."""

    def run(slug: str, *args: Any) -> str:
        result = app.call("mendbox_harness:command", slug, [str(arg) for arg in args])
        assert result["exit_code"] == 0, result["output"]
        return result["output"]

    return run


@pytest.fixture
def order(client: Client, rng: random.Random, word: Callable[[], str]) -> Callable[..., Any]:
    """Orders something of a branch; gives the answer."""

    def order(branch: Branch, **fields: Any) -> Any:
        sent = {"product": rng.choice(sorted(branch.products)), "pieces": rng.randrange(1, 5), "customer": word()}
        return client.post(f"/{branch.slug}/orders", json=sent | fields)

    return order
