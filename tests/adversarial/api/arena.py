"""What an attack on the API works with, and what one is."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from pydantic import BaseModel
from werkzeug.test import TestResponse

from api.app import policies_of
from store.records import NewToken, Role
from tests.api.conftest import Platform
from tests.api.sample import FIX_ZIP, OTHER, SLUG

URL = "/api/v1/submissions"
TOKENS = "/api/v1/tokens"


@dataclass
class Arena:
    """A platform to attack. `switch` takes mitigations away until the test is over."""

    platform: Platform
    switch: pytest.MonkeyPatch
    exits: ExitStack

    def __post_init__(self) -> None:
        self.app: Flask = self.platform.app

    def set(self, **settings: Any) -> None:
        """Go on with the API under other settings."""
        self.app = self.platform.another_app(**settings)

    def ignore_extra(self, model: type[BaseModel]) -> None:
        """Have a model take fields that it does not know."""

        def rebuild(extra: str) -> None:
            model.model_config["extra"] = extra  # type: ignore[typeddict-item]
            model.model_rebuild(force=True)

        rebuild("ignore")
        self.exits.callback(rebuild, "forbid")

    def open_to_all(self, endpoint: str) -> None:
        """Take a route's roles away."""
        policies = self.app.extensions["mendbox.policies"]
        policies[endpoint] = dataclasses.replace(policies_of(self.app)[endpoint], roles=frozenset(Role))

    def headers(self, role: Role | None = Role.CANDIDATE) -> dict[str, str]:
        return self.platform.headers(role)

    def foreign(self, *challenges: str) -> dict[str, str]:
        """Another candidate, whose token names these challenges."""
        new = NewToken("attacker", Role.CANDIDATE, challenges or (OTHER,))
        return {"Authorization": f"Bearer {self.platform.store.tokens.create(new).text}"}

    def send(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> TestResponse:
        # Without a cookie jar: it would take the place of a Cookie header.
        answer = self.app.test_client(use_cookies=False).open(path, method=method, headers=headers or {}, **options)
        answer.get_data()
        answer.close()
        return answer

    def submit(self, headers: dict[str, str] | None = None, challenge: str = SLUG, **fields: Any) -> TestResponse:
        """A submission; `fields` are added to its form."""
        data = {"challenge": challenge, "archive": (io.BytesIO(FIX_ZIP), "fix.zip"), **fields}
        sent = headers or self.headers()
        return self.send("POST", URL, sent, data=data, content_type="multipart/form-data")


@dataclass(frozen=True)
class Attack:
    """One attack. `run` says whether it succeeded; `off` takes the one mitigation away that should stop it.

    `threat`: which line of the threat model it belongs to. `precedent`: where it was seen, or what warns of it.
    """

    name: str
    tries: str
    threat: str
    precedent: str
    stopped_by: str
    run: Callable[[Arena], bool]
    off: Callable[[Arena], None]


@pytest.fixture
def arena(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Iterator[Arena]:
    with ExitStack() as exits:
        yield Arena(platform, monkeypatch, exits)


def always(value: Any) -> Callable[..., Any]:
    """A function that answers this whatever it is given."""
    return lambda *_, **__: value
