"""What the tests share: the station, signing in, and pages as a browser reads them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import mendbox_harness
import pytest
from browser import Page, read
from mendbox_harness import Station
from werkzeug.test import Client


@pytest.fixture
def station(seed: int) -> Station:
    """What the harness stored for this grading."""
    return Station(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another lower-case word at each call."""
    return lambda: mendbox_harness.word(rng)


@pytest.fixture
def show(client: Client) -> Callable[..., Page]:
    """Opens a page, as a guest or with another client."""

    def show(path: str, by: Client | None = None, status: int = 200) -> Page:
        return read((by or client).get(path), status)

    return show


@pytest.fixture
def cards(client: Client) -> Callable[..., Page]:
    """The cards of a show that are given by themselves, as a page that holds nothing else would have them."""

    def cards(show: dict[str, Any], by: Client | None = None) -> Page:
        answer = (by or client).get(f"/shows/{show['id']}/cards")
        assert (answer.status_code, set(answer.json)) == (200, {"cards"})
        pages = [Page(card) for card in answer.json["cards"]]
        assert all(len(page.all("article", "card")) == 1 for page in pages)
        return Page("".join(answer.json["cards"]))

    return cards


@pytest.fixture
def sign_in(app: Any) -> Callable[[dict[str, Any]], Client]:
    """Signs a listener in; gives their browser."""

    def sign_in(listener: dict[str, Any]) -> Client:
        client: Client = app.client()
        answer = client.post("/login", data={"member": listener["id"], "pin": listener["pin"]})
        assert (answer.status_code, answer.location) == (303, "/")
        assert f"Welcome back, {listener['name']}." in read(client.get("/")).text
        return client

    return sign_in
