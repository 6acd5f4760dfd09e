"""What the tests share: the house, forms that keep the rules, the kitchen's list, two guests at the same moment."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import DIETS, House

LETTERS = "bdfghjklmnprstv"
VOWELS = "aeiou"


@pytest.fixture
def house(seed: int) -> House:
    """The house of this grading."""
    return House(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[..., str]:
    """Gives another word at each call, of eight letters unless told."""

    def word(length: int = 8) -> str:
        return "".join(rng.choice(VOWELS if place % 2 else LETTERS) for place in range(length))

    return word


@pytest.fixture
def filled(house: House, word: Callable[..., str], rng: random.Random) -> Callable[..., dict[str, Any]]:
    """Gives a form that keeps the rules, another one at each call, with changes; None takes a field out."""

    def filled(**changes: Any) -> dict[str, Any]:
        pin, left_out = f"{rng.randrange(10**7, 10**8)}", rng.sample(DIETS, 2)
        form = {
            "handle": f"{word(6).title()}-{rng.randrange(100, 1000)}",
            "name": f'{word().title()} "{word(4)}" O\'{word(5).title()} & <{word(3)}>',
            "email": f"{word(5)}.{word(6).title()}@{word(5)}.example",
            "born": f"{rng.randrange(1940, 2000)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
            "evening": rng.choice(house.open[1:]).slug,
            "guests": str(rng.randrange(1, 4)),
            "diet": [key for key in DIETS if key in left_out],
            "notes": f'{word()} "{word()}" </textarea>\r\n& {word()}',
            "pin": pin,
            "pin_again": pin,
            "rules": "yes",
        } | changes
        return {name: value for name, value in form.items() if value is not None}

    return filled


@pytest.fixture
def listed(client: Any) -> Callable[[], list[dict[str, Any]]]:
    """Gives the kitchen's list."""
    return lambda: client.get("/desk/members.json").json["members"]


@pytest.fixture
def members_since(house: House, listed: Callable[[], list[dict[str, Any]]]) -> Callable[[], list[dict[str, Any]]]:
    """Gives those who became members in this test, as `as_listed` has them. The others must be as they were."""

    def members_since() -> list[dict[str, Any]]:
        now, count = listed(), len(house.members)
        assert now[:count] == house.listed()
        new = [{key: value for key, value in member.items() if key != "id"} for member in now[count:]]
        return [member | {"notes": member["notes"].replace("\r\n", "\n")} for member in new]

    return members_since


@pytest.fixture
def at_the_same_moment(app: Any, concurrently: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Two posts to two processes of the app, each a path and a form. Gives both answers.

    The first is held before it writes anything, until the second is answered. Where the second waits for the first,
    as with a lock on the whole database, the first goes on by itself.
    """
    elsewhere = app.instance().client()

    def at_the_same_moment(first: tuple[str, Any], second: tuple[str, Any]) -> list[Any]:
        app.call("mendbox_harness:hold")

        def then() -> Any:
            app.call("mendbox_harness:until_held")
            try:
                return elsewhere.post(second[0], data=second[1])
            finally:
                app.call("mendbox_harness:let_go")

        return concurrently([lambda: app.client().post(first[0], data=first[1]), then])

    return at_the_same_moment
