"""The register of this grading, what a right answer has in it, and requests that are held against it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import Register
from werkzeug.test import Client

Row = dict[str, Any]
HEADINGS = ["number", "name", "species", "parish", "girth_cm", "height_cm", "year"]
TEXTS = ("name", "species", "parish")
COLUMNS = {name: name for name in ("number", *TEXTS)} | {"girth": "girth_cm", "height": "height_cm", "year": "year"}


def lower(text: str) -> str:
    """Without the difference between capitals and small letters, for A to Z."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


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
        """The published trees that these parameters ask for."""
        rows = self.register.published
        if q.strip(" "):
            rows = [row for row in rows if any(lower(q.strip(" ")) in lower(row[text]) for text in TEXTS)]
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
        """Whether `/trees` lists just what it should on one large page; gives that."""
        expected = self.wanted(**params)
        answer = self.tells("/trees", **params, page_size="100").json
        assert [row["number"] for row in answer["trees"]] == [row["number"] for row in expected], params
        assert answer == {"trees": expected, "total": len(expected)}, params
        return expected

    def exports(self, **params: str) -> list[Row]:
        """Whether `/trees.csv` has just what it should; gives that."""
        expected = self.wanted(**params)
        answer = self.tells("/trees.csv", **params)
        assert answer.mimetype == "text/csv"
        lines = list(csv.reader(answer.text.splitlines()))
        shown = [["" if value is None else str(value) for value in row.values()] for row in expected]
        assert lines == [HEADINGS, *shown], params
        return expected

    def offers(self, starts: str, limit: int = 50) -> list[str]:
        """Whether `/species` offers just what it should; gives that."""
        species = {row["species"] for row in self.register.published if lower(row["species"]).startswith(lower(starts))}
        expected = sorted(species, key=lower)[:limit]
        assert self.tells("/species", starts=starts, limit=str(limit)).json == {"species": expected}, starts
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


@pytest.fixture
def register(seed: int) -> Register:
    """What the harness stored for this grading."""
    return Register(seed)


@pytest.fixture
def ask(client: Client, register: Register) -> Asking:
    return Asking(client, register)


@pytest.fixture
def word(rng: Any) -> Callable[[], str]:
    """Gives another word at each call, which nothing in the register has in it."""
    return lambda: "w" + "".join(rng.choice("vwxz") for _ in range(9))
