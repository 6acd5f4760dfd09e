"""What the tests share: the archive, asking for something as somebody, and requests that overlap or share a thread."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from helpers import FAULTS, spoken
from mendbox_harness import Archive, Core, Person

HARNESS = "mendbox_harness:"


@pytest.fixture
def archive(seed: int) -> Archive:
    """The archive of this grading."""
    return Archive(seed)


@pytest.fixture
def word(rng: random.Random) -> Callable[[], str]:
    """Gives another word at each call; ids of requests are such words."""
    return lambda: f"{rng.getrandbits(48):012x}"


@pytest.fixture
def ask(app: Any) -> Callable[..., Any]:
    """`ask("/me", person, unit="ft")`: the answer to a request of its own."""

    def ask(path: str, person: Person | None = None, **more: Any) -> Any:
        asked = spoken(path, person, **more)
        return app.client().open(
            path, method=asked["method"], query_string=asked["query"], headers=asked["headers"], json=asked["json"]
        )

    return ask


@pytest.fixture
def by_one_thread(app: Any) -> Callable[..., list[Any]]:
    """The answers to requests that one thread of the server answers one after another: status and JSON."""

    def by_one_thread(*requests: dict[str, Any]) -> list[Any]:
        answers = app.call(f"{HARNESS}by_one_thread", list(requests))
        return [(answer["status"], json.loads(answer["text"])) for answer in answers]

    return by_one_thread


@pytest.fixture
def meanwhile(app: Any, concurrently: Callable[..., list[Any]]) -> Callable[..., tuple[Any, list[Any]]]:
    """`meanwhile(core, held, …)`: the answer to a request that is held at a core, and those to others sent meanwhile.

    All are callables. The first waits for a laboratory or the scanner, which lets it go on when the others are
    answered.
    """

    def meanwhile(core: Core, held: Callable[[], Any], *others: Callable[[], Any]) -> tuple[Any, list[Any]]:
        app.call(f"{HARNESS}hold", core.hole)

        def answer_others() -> list[Any]:
            try:
                assert app.call(f"{HARNESS}until_held", core.hole), "nobody was asked about the core"
                return [other() for other in others]
            finally:
                app.call(f"{HARNESS}let_go", core.hole)

        answer, answers = concurrently([held, answer_others])
        return answer, answers

    return meanwhile


@pytest.fixture
def part_of(rng: random.Random) -> Callable[[Core], tuple[int, int]]:
    """Gives some part of a core: top and bottom in millimetres."""

    def part_of(core: Core) -> tuple[int, int]:
        top = rng.randrange(core.bottom_mm - 1)
        return top, rng.randrange(top + 1, core.bottom_mm + 1)

    return part_of


@pytest.fixture
def scan(ask: Callable[..., Any]) -> Callable[..., Any]:
    """`scan(core, part, person)`: the answer to who has a part of a core photographed."""

    def scan(core: Core, part: tuple[int, int], person: Person, **more: Any) -> Any:
        return ask(f"/cores/{core.id}/scans", person, json={"top_mm": part[0], "bottom_mm": part[1]}, **more)

    return scan


@pytest.fixture
def fail_to_scan(app: Any, ask: Callable[..., Any], rng: random.Random) -> Callable[..., None]:
    """`fail_to_scan("camera", core, person)`: a picture that is not taken, for one of the reasons in FAULTS."""

    def fail_to_scan(fault: str, core: Core, person: Person, **more: Any) -> None:
        part = {"top_mm": rng.randrange(1000), "bottom_mm": core.bottom_mm + (fault == "part")}
        app.call(f"{HARNESS}fail", core.hole, fault)
        answer = ask(f"/cores/{core.id}/scans", person, json=part, **more)
        app.call(f"{HARNESS}fail", core.hole, "")
        assert answer.status_code == FAULTS[fault]

    return fail_to_scan
