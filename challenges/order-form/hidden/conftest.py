"""What the tests share: the wardrobe, lines that keep the rules, both forms, and what is stored."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from mendbox_harness import PRESS_CENTS, Wardrobe
from orderpage import NEW, Line, numbered, sent

LETTERS = "bdfghjklmnprstv"
VOWELS = "aeiou"


@pytest.fixture
def wardrobe(seed: int) -> Wardrobe:
    """The wardrobe of this grading."""
    return Wardrobe(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[..., str]:
    """Gives another word at each call, of eight letters unless told."""

    def word(length: int = 8) -> str:
        return "".join(rng.choice(VOWELS if place % 2 else LETTERS) for place in range(length))

    return word


@pytest.fixture
def lines(wardrobe: Wardrobe, rng: random.Random, word: Callable[..., str]) -> Callable[..., list[Line]]:
    """Gives so many lines that keep the rules, together too, others at each call. Each has the same changes."""

    def lines(how_many: int, **changes: Any) -> list[Line]:
        shelf = rng.sample(wardrobe.costumes, len(wardrobe.costumes))
        most = 43 // -(-how_many // len(shelf))
        return [
            {
                "costume": shelf[place % len(shelf)].code,
                "count": str(rng.randrange(1, most + 1)),
                "note": f'{word()} "{word(4)}" & <{word(3)}>',
                "press": rng.random() < 0.5,
            }
            | changes
            for place in range(how_many)
        ]

    return lines


@pytest.fixture
def head(word: Callable[..., str], rng: random.Random) -> dict[str, str]:
    """Company and days that keep the rules."""
    return {"company": f"{word().title()} & {word(5)}'s", "days": str(rng.randrange(2, 29))}


@pytest.fixture
def edit(wardrobe: Wardrobe) -> str:
    """The form of a stored order; that of a new one is `NEW`."""
    return f"/orders/{wardrobe.order.id}/edit"


@pytest.fixture(params=["new", "edit"])
def path(request: pytest.FixtureRequest, edit: str) -> str:
    """The one form, then the other."""
    return NEW if request.param == "new" else edit


@pytest.fixture
def post(client: Any, head: dict[str, str], rng: random.Random) -> Callable[..., Any]:
    """`post(path, lines)` sends lines, by their numbers or from 0 on, and more; the fields come in any order."""

    def post(path: str, given: dict[int, Line] | list[Line], action: str = "save", more: Any = None) -> Any:
        form = sent(head, given if isinstance(given, dict) else numbered(given), action) | (more or {})
        names = rng.sample(sorted(form), len(form))
        return client.post(path, data={name: form[name] for name in names})

    return post


@pytest.fixture
def packing(client: Any) -> Callable[[int], dict[str, Any]]:
    """What the packing room sees of an order."""
    return lambda number: client.get(f"/orders/{number}.json").json


@pytest.fixture
def accounts(client: Any) -> Callable[[], list[dict[str, Any]]]:
    """All orders, as the accounts see them."""
    return lambda: client.get("/orders.json").json["orders"]


@pytest.fixture
def stored(packing: Callable[[int], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """The order that a form was answered with, as the packing room sees it."""

    def stored(answer: Any) -> dict[str, Any]:
        assert answer.status_code == 303, answer.status_code
        return packing(int(urlsplit(answer.headers["Location"]).path.removeprefix("/orders/")))

    return stored


@pytest.fixture
def as_stored(wardrobe: Wardrobe, head: dict[str, str]) -> Callable[[list[Line]], list[dict[str, Any]]]:
    """What the packing room should see of the lines of a form; ids and ticks set aside."""
    costumes = {costume.code: costume for costume in wardrobe.costumes}
    days = int(head["days"])

    def one(line: Line) -> dict[str, Any]:
        costume = costumes[line["costume"].strip().upper()]
        cents = int(line["count"]) * (costume.day_cents * days + PRESS_CENTS * line["press"])
        return {
            "costume": costume.code,
            "title": costume.title,
            "count": int(line["count"]),
            "note": line["note"].strip(),
            "press": line["press"],
            "cents": cents,
        }

    return lambda lines: [one(line) for line in lines]
