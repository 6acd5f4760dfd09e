"""The regatta of this grading, its marks, and those who listen."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from mendbox_harness import Regatta, said

#: What comes at once has come by then, on a machine that is busy with other things as well.
_SOON_S = 3.0


def soon(is_so: Callable[[], bool]) -> bool:
    """Whether it is so, or becomes so."""
    deadline = time.monotonic() + _SOON_S
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.003)
    return True


class Listener:
    """Somebody who listens, by the number that the harness gave them."""

    def __init__(self, app: Any, number: int) -> None:
        self._app = app
        self._number = number

    def state(self) -> dict[str, Any]:
        return self._app.call("mendbox_harness:heard", self._number)

    def events(self) -> list[dict[str, Any]]:
        """The passings that were heard, as the list shows them; anything that is not as documented is there as text."""
        return _events(self.state()["text"])

    def comments(self) -> int:
        return sum(line.startswith(":") for line in self.state()["text"].split("\n"))

    def has_heard(self, passings: list[dict[str, Any]]) -> bool:
        """Whether these have come, and nothing else, or soon have."""
        heard: list[dict[str, Any]] = []

        def is_enough() -> bool:
            state = self.state()
            heard[:] = _events(state["text"])
            return len(heard) >= len(passings) or state["ended"]

        soon(is_enough)
        return heard == passings

    def has_ended(self) -> bool:
        return soon(lambda: self.state()["ended"])

    def read(self) -> None:
        self._app.call("mendbox_harness:read", self._number)

    def leave(self) -> None:
        self._app.call("mendbox_harness:leave", self._number)


def _events(text: str) -> list[Any]:
    # What comes after the last empty line is not an event yet.
    blocks = text.replace("\r\n", "\n").split("\n\n")[:-1]
    return [event for block in blocks if (event := _passing(block)) is not None]


def _passing(block: str) -> dict[str, Any] | str | None:
    lines = [line for line in block.split("\n") if line and not line.startswith(":")]
    if not lines:
        return None
    fields = dict(line.partition(": ")[::2] for line in lines)
    try:
        if len(lines) != 3 or fields["event"] != "passing":
            return block
        data = json.loads(fields["data"])
        return {"number": int(fields["id"]), "boat": data["boat"], "mark": data["mark"]} if len(data) == 2 else block
    except (KeyError, ValueError, TypeError):
        return block


class Quay:
    """Marks report, people listen."""

    def __init__(self, app: Any, client: Any, rng: Any) -> None:
        self._app = app
        self._client = client
        self._rng = rng
        self._all: list[Listener] = []

    def report(self, race: int, times: int = 1) -> list[dict[str, Any]]:
        """Passings that a mark reports; gives them as they were stored."""
        stored = []
        for _ in range(times):
            words = said(self._rng)
            answer = self._client.post(f"/races/{race}/passings", json=words)
            assert answer.status_code == 201
            assert answer.json == {"number": answer.json["number"]} | words
            stored.append(answer.json)
        return stored

    def listen(self, race: int, last: Any = None, *, reads: bool = True, app: str = "usual") -> Listener:
        headers = {} if last is None else {"Last-Event-ID": str(last)}
        number = self._app.call("mendbox_harness:listen", f"/races/{race}/events", headers, reads, app)
        assert number >= 0, "the app does not take the request"
        listener = Listener(self._app, number)
        self._all.append(listener)
        assert listener.state()["status"][:3] in ("", "200")
        return listener

    def listeners(self) -> int:
        return self._client.get("/status").json["listeners"]

    def end(self) -> None:
        for listener in self._all:
            listener.leave()


@pytest.fixture
def regatta(seed: int) -> Regatta:
    """The regatta that the harness stored for this grading."""
    return Regatta(seed)


@pytest.fixture
def quay(app: Any, client: Any, rng: Any) -> Iterator[Quay]:
    made = Quay(app, client, rng)
    yield made
    made.end()


@pytest.fixture(name="soon")
def _soon() -> Callable[[Callable[[], bool]], bool]:
    return soon
