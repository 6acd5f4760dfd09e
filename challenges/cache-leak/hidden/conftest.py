"""What the tests share: the choir, browsers that are signed in or not, and telling the site something."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import Choir, Member


@pytest.fixture
def choir(seed: int, clock: Any) -> Choir:
    """The choir of this grading. An hour has passed since anybody looked at its pages, and time stands still."""
    clock.freeze()
    clock.advance(seconds=3600)
    return Choir(seed)


@pytest.fixture
def visitor(app: Any) -> Callable[[], Any]:
    """Gives the browser of another visitor, who is not signed in and has never been here."""
    return app.client


@pytest.fixture
def sign_in(app: Any, choir: Choir) -> Callable[..., Any]:
    """Signs a member in; gives their browser, or uses the one that is given."""

    def sign_in(member: Member, client: Any = None) -> Any:
        client = client or app.client()
        answer = client.post("/login", data={"member": member.id, "pin": member.pin})
        assert (answer.status_code, answer.location) == (303, "/rehearsals")
        return client

    return sign_in


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another text at each call."""
    return lambda: f"Largo {rng.randrange(10**6, 10**9)}"


@pytest.fixture
def box_office(app: Any) -> Callable[..., Any]:
    """Tells the box office something: `box_office("sell", 7, 2)`."""
    return lambda function, *values: app.call(f"mendbox_harness:{function}", *values)
