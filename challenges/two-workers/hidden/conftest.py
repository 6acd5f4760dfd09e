"""What the tests share: the hall, a second process, carts, and two requests at the same moment."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hall import put
from mendbox_harness import SHOPS, Hall


@pytest.fixture
def hall(seed: int, clock: Any) -> Hall:
    """The hall of this grading, at its hour."""
    hall = Hall(seed)
    clock.freeze(at=hall.now.timestamp())
    return hall


@pytest.fixture
def there(app: Any, hall: Hall) -> Any:
    """Who asks the other process of the app; `client` asks the first one."""
    return app.instance().client()


@pytest.fixture
def florist(rng: random.Random) -> Callable[[], str]:
    """Gives another name at each call."""
    return lambda: f"{rng.choice(SHOPS)} {rng.randrange(1000, 10**6)}"


@pytest.fixture
def wanted(hall: Hall, rng: random.Random) -> list[tuple[Any, int]]:
    """Three lots, in no order, and how many bunches of each."""
    return [(lot, rng.randrange(2, 200)) for lot in rng.sample(hall.lots, 3)]


@pytest.fixture
def cart_of() -> Callable[..., str]:
    """Gives the number of a new cart of a florist, with these bunches in it."""

    def cart_of(client: Any, name: str, *bunches: tuple[Any, int]) -> str:
        made = client.post("/carts", json={"florist": name})
        assert made.status_code == 201
        for line in bunches:
            assert put(client, made.json["cart"], *line).status_code == 200
        return made.json["cart"]

    return cart_of


@pytest.fixture
def order_of(cart_of: Callable[..., str]) -> Callable[..., dict[str, Any]]:
    """Gives a new order of a florist."""

    def order_of(client: Any, name: str, *bunches: tuple[Any, int]) -> dict[str, Any]:
        made = client.post(f"/carts/{cart_of(client, name, *bunches)}/order")
        assert made.status_code == 201
        return made.json

    return order_of


@pytest.fixture
def at_the_same_moment(app: Any, there: Any, concurrently: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Two posts to two processes of the app, each a path and a body. Gives both answers.

    The first is held before it writes anything, until the second is answered. Where the second waits for the first,
    as with a lock on the whole database, the first goes on by itself. `hold` says to hold it later, and how long.
    """

    def at_the_same_moment(first: tuple[str, Any], second: tuple[str, Any], *hold: float) -> list[Any]:
        app.call("mendbox_harness:hold", *hold)

        def then() -> Any:
            app.call("mendbox_harness:until_held")
            try:
                return there.post(second[0], json=second[1])
            finally:
                app.call("mendbox_harness:let_go")

        return concurrently([lambda: app.client().post(first[0], json=first[1]), then])

    return at_the_same_moment
