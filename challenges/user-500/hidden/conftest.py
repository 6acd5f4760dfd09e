"""What the tests share: the company, hiring people through the API, ids that nobody has, words that differ from run to
run.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import Company
from werkzeug.test import Client

SYLLABLES = ("ba", "do", "fe", "gu", "hi", "jo", "ka", "lu", "mi", "ne", "po", "ra", "si", "tu", "ve", "wo")


@pytest.fixture
def company(seed: int) -> Company:
    """The company that the harness stored for this grading."""
    return Company(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another lower-case word at each call."""
    return lambda: "".join(rng.choices(SYLLABLES, k=5))


@pytest.fixture
def hire(client: Client, company: Company, word: Callable[[], str]) -> Callable[..., dict[str, Any]]:
    """Creates someone as the HR system does, who therefore has no profile; gives the summary that the API answers."""

    def hire(*, team: Any = None, manager: int | None = None, name: str = "") -> dict[str, Any]:
        username = f"{word()}.{word()}"
        sent = {
            "username": username,
            "name": name or f"{word().title()} {word().title()}",
            "email": f"{username}@{company.domain}",
            "team": (team or company.lead_team).slug,
        }
        answer = client.post("/users", json=sent | {"manager_id": manager})
        assert answer.status_code == 201, answer.text
        assert {key: answer.json[key] for key in sent} == sent
        return answer.json

    return hire


@pytest.fixture
def unknown_id(rng: random.Random) -> int:
    """An id that nobody has."""
    return rng.randrange(100_000, 2**31)
