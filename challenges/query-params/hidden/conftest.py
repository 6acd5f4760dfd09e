"""What the tests share: the timetable, and searches."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from mendbox_harness import Timetable
from werkzeug.test import Client, TestResponse


@pytest.fixture
def timetable(seed: int) -> Timetable:
    """What the harness stored for this grading."""
    return Timetable(seed)


class Search:
    """Asks for paths and wagons."""

    def __init__(self, client: Client, timetable: Timetable, rng: random.Random) -> None:
        self._rng = rng
        self.client = client
        self.timetable = timetable

    def ask(self, path: str, *pairs: tuple[str, str], **params: str) -> TestResponse:
        """`pairs` come first, in their order; `from_` stands for `from`."""
        named = [(name.rstrip("_"), value) for name, value in params.items()]
        return self.client.get(path, query_string=urlencode([*pairs, *named]))

    def paths(self, fits: Callable[[dict[str, Any]], bool], *pairs: tuple[str, str], **params: str) -> bool:
        """Whether a search for paths finds those that fit, in their order."""
        answer = self.ask("/paths", *pairs, **params)
        expected = [path["id"] for path in self.timetable.paths if fits(path)]
        if answer.status_code != 200:
            return False
        found = [path["id"] for path in answer.json["paths"]]
        return (found, answer.json["count"]) == (expected, len(expected))

    def wagons(self, fits: Callable[[dict[str, Any]], bool], *pairs: tuple[str, str], **params: str) -> bool:
        """Whether a search for wagons finds those that fit, in their order."""
        answer = self.ask("/wagons", *pairs, **params)
        expected = [wagon["id"] for wagon in self.timetable.wagons if fits(wagon)]
        if answer.status_code != 200:
            return False
        found = [wagon["id"] for wagon in answer.json["wagons"]]
        return (found, answer.json["count"]) == (expected, len(expected))

    def refuses(self, names: list[str], path: str, *pairs: tuple[str, str], **params: str) -> bool:
        """Whether a search is refused for these parameters and no others.

        Another one, which may be given and is as it should be, comes along where there is one.
        """
        text = "".join(self._rng.choices("ABCDEFGHIJ", k=12))
        if path.startswith("/paths"):
            pairs = (("operator", text), *pairs)
        elif path == "/wagons" and "type" not in {*dict(pairs), *params}:
            pairs = (("type", text), *pairs)
        answer = self.ask(path, *pairs, **params)
        if (answer.status_code, answer.mimetype) != (400, "application/json") or set(answer.json) != {"error"}:
            return False
        error = answer.json["error"]
        told = (set(error), error.get("code"), error.get("parameters"))
        return told == ({"code", "message", "parameters"}, "invalid_parameters", names)


@pytest.fixture
def search(client: Client, timetable: Timetable, rng: random.Random) -> Search:
    return Search(client, timetable, rng)
