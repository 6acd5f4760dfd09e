"""The bureau of this grading, people who ask, words that nobody knows, and numbers that nothing has."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import HEADER, Bureau, Person


class Asking:
    """Someone whom the gateway has signed in."""

    def __init__(self, client: Any, person: Person) -> None:
        self._client = client
        self._person = person

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {HEADER: self._person.login}
        if method == "GET":
            return self._client.get(path, headers=headers)
        return self._client.open(path, method=method, headers=headers, json=body)

    def get(self, path: str) -> Any:
        return self._ask("GET", path)

    def post(self, path: str, body: Any) -> Any:
        return self._ask("POST", path, body)

    def put(self, path: str, body: Any) -> Any:
        return self._ask("PUT", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self._ask("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self._client.delete(path, headers={HEADER: self._person.login})


@pytest.fixture
def bureau(seed: int) -> Bureau:
    """The bureau that the harness stored for this grading."""
    return Bureau(seed)


@pytest.fixture
def ask(client: Any) -> Callable[[Person], Asking]:
    """Gives somebody's client: `ask(bureau.client).get("/documents")`."""
    return lambda person: Asking(client, person)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another word at each call."""
    return lambda: "w" + "".join(rng.choice("aeiou" if place % 2 else "bdfghklmnprst") for place in range(9))


@pytest.fixture
def nobodys(rng: random.Random) -> int:
    """A number that no document, note or glossary has."""
    return rng.randrange(10_000, 2**31)


@pytest.fixture
def upload(word: Callable[[], str]) -> dict[str, str]:
    """A document as a client would send it."""
    return {"reference": word(), "title": word(), "source": "fi", "target": "hu", "text": f"{word()} {word()} {word()}"}
