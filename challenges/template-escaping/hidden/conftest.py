"""What the tests share: the hall, ways to write into it as climbers do, and pages as a browser reads them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import mendbox_harness
import pytest
from browser import Page, read
from mendbox_harness import Hall
from werkzeug.test import Client


@pytest.fixture
def hall(seed: int) -> Hall:
    """What the harness stored for this grading."""
    return Hall(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another lower-case word at each call."""
    return lambda: mendbox_harness.word(rng)


@pytest.fixture
def show(client: Client) -> Callable[..., Page]:
    """Opens a page."""

    def show(path: str, **query: str) -> Page:
        return read(client.get(path, query_string=query))

    return show


@pytest.fixture
def join(client: Client) -> Callable[..., int]:
    """Stores a climber; gives the id."""
    return lambda name, website="": _sent(client, "/climbers", {"name": name, "website": website})


@pytest.fixture
def announce(client: Client, hall: Hall) -> Callable[..., int]:
    """Stores a boulder; gives the id."""

    def announce(name: str, wall: str | None = None, setter: int | None = None) -> int:
        new = {"name": name, "grade": "6a", "wall": wall or hall.walls[0], "setter": setter or hall.climbers[0]["id"]}
        return _sent(client, "/boulders", new)

    return announce


@pytest.fixture
def write(client: Client, hall: Hall) -> Callable[..., int]:
    """Stores a note; gives its id."""

    def write(text: str, boulder: int, climber: int | None = None) -> int:
        climber = climber or hall.climbers[0]["id"]
        sent = text.replace("\n", "\r\n")  # as browsers do
        assert _sent(client, f"/boulders/{boulder}/notes", {"climber": climber, "text": sent}) == boulder
        return max(note["id"] for note in client.get(f"/api/boulders/{boulder}").json["notes"])

    return write


@pytest.fixture
def climb(client: Client) -> Callable[..., None]:
    """Stores an ascent."""

    def climb(boulder: int, climber: int, tries: int) -> None:
        assert _sent(client, f"/boulders/{boulder}/ascents", {"climber": climber, "tries": tries}) == boulder

    return climb


def _sent(client: Client, path: str, form: dict[str, Any]) -> int:
    answer = client.post(path, data=form)
    assert answer.status_code == 303, f"{path}: {answer.status_code}"
    return int(answer.location.rsplit("/", 1)[1])
