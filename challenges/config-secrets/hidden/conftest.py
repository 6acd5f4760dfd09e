"""What the tests share: the ferry line, the environment that an office has, and offices."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import FIRST, Ferry
from werkzeug.test import Client

LETTERS = string.ascii_letters + string.digits
#: What a key begins and ends with: nothing that a log or a traceback has by chance.
RARE = ("BCDFGHJKLMNPQRSTVWXZ", string.digits) * 2


@pytest.fixture
def ferry(seed: int) -> Ferry:
    """The line of this grading."""
    return Ferry(seed)


@pytest.fixture
def key(rng: random.Random) -> Callable[..., str]:
    """`key()` gives another key at each call; `key(31)` one of so many characters, eight or more."""

    def end() -> str:
        return "".join(rng.choice(letters) for letters in RARE)

    return lambda length=40: end() + "".join(rng.choices(LETTERS, k=length - 8)) + end()


@pytest.fixture
def environ(ferry: Ferry, key: Callable[..., str]) -> Callable[..., dict[str, str]]:
    """`environ(max_party="12", debug=None)`: the environment of an office, with these settings and without those.

    The keys are the same throughout a test, and an office sells for all piers of the line, if nothing is said.
    """
    usual = {"secret_key": key(), "payments_key": key(), "piers": ",".join(ferry.piers), "database": "here"}

    def environ(**changes: str | None) -> dict[str, str]:
        settings = usual | changes
        return {f"GANGWAY_{name.upper()}": value for name, value in settings.items() if value is not None}

    return environ


class Office:
    """An open office, as somebody sees it from outside. All of one test have the same cookies."""

    def __init__(self, client: Client, slug: str, rng: random.Random) -> None:
        self._client = client
        self._slug = slug
        self._rng = rng

    def ask(self, path: str, **more: Any) -> Any:
        headers = {"X-Office": self._slug} | more.pop("headers", {})
        return self._client.open(path, headers=headers, **more)

    def login(self, clerk: tuple[int, str, str]) -> Any:
        answer = self.ask("/login", method="POST", json={"badge": clerk[2]})
        assert (answer.status_code, answer.json) == (200, {"clerk": clerk[1]})
        return answer

    def sell(self, sailing: dict[str, Any], passengers: int) -> Any:
        name = f"{self._rng.choice(FIRST)} {self._rng.randrange(10**6)}"
        return self.ask(
            "/tickets", method="POST", json={"sailing": sailing["id"], "passengers": passengers, "name": name}
        )


@pytest.fixture
def office(
    app: Any, client: Client, rng: random.Random, environ: Callable[..., dict[str, str]]
) -> Callable[..., Office]:
    """`office(max_party="12")` opens an office, which must work: see `environ`."""

    def office(others: dict[str, str] | None = None, *, of_the_process: bool = False, **changes: str | None) -> Office:
        slug = f"{rng.getrandbits(40):010x}"
        given = environ(**changes) | (others or {})
        opened = app.call("mendbox_harness:open_office", slug, given, of_the_process=of_the_process)
        assert opened["refusal"] is None, opened
        return Office(client, slug, rng)

    return office


@pytest.fixture
def refusal(app: Any, environ: Callable[..., dict[str, str]]) -> Callable[..., str]:
    """`refusal(max_party="no")`: what is said by an office that must not start with this environment."""

    def refusal(**changes: str | None) -> str:
        opened = app.call("mendbox_harness:open_office", "refused", environ(**changes))
        assert opened["refusal"] is not None, f"it starts with {changes}"
        assert opened["config_error"], opened["kind"]
        return opened["refusal"]

    return refusal


@pytest.fixture
def blamed(refusal: Callable[..., str]) -> Callable[..., set[str]]:
    """The settings that such an office names, without their prefix and in small letters."""
    return lambda **changes: {name.lower() for name in re.findall("GANGWAY_([A-Z_]+)", refusal(**changes))}
