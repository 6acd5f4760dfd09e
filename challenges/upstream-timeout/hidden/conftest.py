"""The desk of this grading, its carrier's moods and books."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from mendbox_harness import QUICK_S, Desk


class Trouble:
    """Plans what goes wrong with the carrier's next calls, and looks into its books afterwards."""

    def __init__(self, app: Any, rng: Any) -> None:
        self._app = app
        self._rng = rng
        self._seen = 0
        self._waited = 0
        self._began = self.books()["now"]

    def plan(self, what: str, times: int = 1, *, on: str = "", takes: float = QUICK_S, **said: Any) -> None:
        """The next calls go so; `times` of them, or all, if that is -1."""
        planned = {"what": what, "times": times, "on": on, "takes": takes}
        self._app.call("mendbox_harness:plan", [planned | {"status": 200, "headers": {}, "body": {}} | said])

    def answer(self, status: int, times: int = 1, *, after: int | None = None, **more: Any) -> str:
        """The next calls are answered with this status; gives the words that nobody should see."""
        words = f"carrier.core line {self._rng.randrange(10**6)}"
        headers = {} if after is None else {"retry-after": str(after)}
        self.plan("said", times, **{"status": status, "headers": headers, "body": {"trace": words}} | more)
        return words

    def well(self) -> None:
        self._app.call("mendbox_harness:well")

    def later(self, seconds: float) -> None:
        self._app.call("mendbox_harness:later", seconds)

    def books(self) -> dict[str, Any]:
        return self._app.call("mendbox_harness:books")

    def forget(self) -> None:
        """What follows is looked at by itself."""
        books = self.books()
        self._seen, self._waited, self._began = len(books["calls"]), len(books["waits"]), books["now"]

    def calls(self) -> list[dict[str, Any]]:
        return self.books()["calls"][self._seen :]

    def waits(self) -> list[float]:
        """Seconds waited between calls, and before and after them."""
        return [wait["seconds"] for wait in self.books()["waits"][self._waited :]]

    def gaps(self) -> list[float]:
        """Seconds between the end of each call and the beginning of the next."""
        calls = self.calls()
        return [later["at"] - earlier["until"] for earlier, later in pairwise(calls)]

    def took(self) -> float:
        """Seconds since the test began, or since `forget`; rounded, so that sums of fractions don't matter."""
        return round(self.books()["now"] - self._began, 6)

    def sold(self, order: dict[str, Any]) -> list[str]:
        """Labels that the carrier has sold for an order and that were not cancelled."""
        labels = self.books()["labels"]
        reference = str(order["number"])
        return [number for number, of in labels.items() if of["reference"] == reference and of["state"] != "cancelled"]


@pytest.fixture
def desk(seed: int) -> Desk:
    """The desk that the harness stored for this grading."""
    return Desk(seed)


@pytest.fixture
def trouble(app: Any, rng: Any) -> Trouble:
    return Trouble(app, rng)


@pytest.fixture
def order(desk: Desk, rng: Any) -> dict[str, Any]:
    """An order without a label."""
    return rng.choice(desk.bare)


@pytest.fixture
def labelled(desk: Desk, rng: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An order that has a label, and the label."""
    return rng.choice(list(zip(desk.labelled, desk.labels, strict=True)))
