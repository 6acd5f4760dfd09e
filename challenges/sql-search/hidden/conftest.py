"""The register of this grading, what a right answer has in it, and requests that are held against it."""

from __future__ import annotations

import csv
import functools
import string
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import Register
from werkzeug.test import Client

Row = dict[str, Any]
HEADINGS = ["number", "name", "founder", "tower", "diameter_mm", "weight_kg", "year"]
TEXTS = ("name", "founder", "tower")
COLUMNS = {name: name for name in ("number", *TEXTS, "year")} | {"diameter": "diameter_mm", "weight": "weight_kg"}
SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def lower(text: str) -> str:
    """Without the difference between capitals and small letters, for A to Z."""
    return text.translate(SMALL)


def in_order(rows: list[Row], sort: str = "number", direction: str = "asc") -> list[Row]:
    """Equal rows by number, and unknown values last, whatever the direction."""
    column = COLUMNS[sort]

    def key(row: Row) -> Any:
        return lower(row[column]) if column in TEXTS else row[column]

    rows = sorted(rows, key=lambda row: row["number"])
    known = sorted((row for row in rows if row[column] is not None), key=key, reverse=direction == "desc")
    return known + [row for row in rows if row[column] is None]


class Asking:
    """Asks, and holds the answer against the register."""

    def __init__(self, client: Client, register: Register) -> None:
        self.client = client
        self.register = register

    def wanted(self, q: str = "", sort: str = "number", direction: str = "asc", **called: str) -> list[Row]:
        """The published bells that these parameters ask for."""
        rows = self.register.published
        if words := lower(q.strip(" ")):
            rows = [row for row in rows if any(words in lower(row[text]) for text in TEXTS)]
        for text, value in called.items():
            rows = rows if not value else [row for row in rows if lower(row[text]) == lower(value)]
        return in_order(rows, sort, direction)

    def tells(self, path: str, **params: Any) -> Any:
        """The answer, which has no secret in it."""
        answer = self.client.get(path, query_string=params)
        assert answer.status_code == 200, (path, params)
        told = answer.text if answer.mimetype == "text/csv" else str(answer.json)
        assert [secret for secret in self.register.secrets if secret in told] == []
        return answer

    def lists(self, **params: str) -> list[Row]:
        """Whether `/bells` lists just what it should on its largest pages; gives that."""
        expected = self.wanted(**params)
        for first in range(0, max(len(expected), 1), 100):
            page = expected[first : first + 100]
            answer = self.tells("/bells", **params, page=str(first // 100 + 1), page_size="100").json
            assert [row["number"] for row in answer["bells"]] == [row["number"] for row in page], params
            assert answer == {"bells": page, "total": len(expected)}, params
        return expected

    def exports(self, **params: str) -> list[Row]:
        """Whether `/bells.csv` has just what it should; gives that."""
        expected = self.wanted(**params)
        answer = self.tells("/bells.csv", **params)
        assert answer.mimetype == "text/csv"
        lines = list(csv.reader(answer.text.splitlines()))
        shown = [["" if value is None else str(value) for value in row.values()] for row in expected]
        assert lines == [HEADINGS, *shown], params
        return expected

    def offers(self, starts: str, limit: int = 50) -> list[str]:
        """Whether `/founders` offers just what it should; gives that."""
        founders = {row["founder"] for row in self.register.published}
        expected = sorted((name for name in founders if lower(name).startswith(lower(starts))), key=lower)[:limit]
        assert self.tells("/founders", starts=starts, limit=str(limit)).json == {"founders": expected}, starts
        return expected

    def refuses(
        self, path: str, parameter: str, value: str, allowed: tuple[str, ...] | None = None, **others: str
    ) -> None:
        """Whether this value is refused as the brief says."""
        answer = self.client.get(path, query_string={**others, parameter: value})
        assert (answer.status_code, answer.mimetype) == (400, "application/json"), (path, parameter, value)
        assert set(answer.json) == {"error"}
        error = dict(answer.json["error"])
        message = error.pop("message")
        assert isinstance(message, str)
        assert message.strip()
        expected = {"code": "bad_parameter", "parameter": parameter, "value": value}
        assert error == (expected if allowed is None else expected | {"allowed": list(allowed)})


#: Drawing a register takes longer than most requests, and no test changes one.
drawn = functools.cache(Register)


@pytest.fixture
def register(seed: int) -> Register:
    """What the harness stored for this grading."""
    return drawn(seed)


@pytest.fixture
def ask(client: Client, register: Register) -> Asking:
    return Asking(client, register)


@pytest.fixture
def word(rng: Any) -> Callable[[], str]:
    """Gives another word at each call, which nothing in the register has in it."""
    return lambda: "w" + "".join(rng.choice("vwxz") for _ in range(9))
