"""Remembers for a minute what the database and the box office said, as plain data that is the same for everyone.

Pages are never kept: each is put together for who asks for it, of data that is at hand. So nobody's page can be shown
to anybody else, and a change has one thing to forget, not all the pages that show it.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from flask import current_app

GOOD_FOR_S = 60


class Memory:
    """What one app remembers, by topic. A topic's turn goes up whenever it is forgotten."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, float]] = {}
        self._turns: dict[str, int] = {}
        self._guard = threading.RLock()

    def recall(self, topic: str, ask: Callable[[], Any]) -> Any:
        """What is known about a topic; asks if nothing is, or nothing that is younger than a minute.

        An answer that came in while the topic was forgotten may be old already. It is given, and not remembered.
        """
        with self._guard:
            known, until = self._known.get(topic, (None, float("-inf")))
            turn = self._turns.get(topic)
        now = time.monotonic()
        if now < until:
            return known
        answer = ask()
        with self._guard:
            if self._turns.get(topic) == turn:
                self._known[topic] = answer, now + GOOD_FOR_S
        return answer

    def drop(self, topic: str) -> None:
        """Forget a topic, and distrust whoever is being asked about it now."""
        with self._guard:
            self._known.pop(topic, None)
            self._turns[topic] = self._turns.get(topic, 0) + 1


def recall(topic: str, ask: Callable[[], Any]) -> Any:
    """`Memory.recall` of the current app."""
    return current_app.extensions["pages"].recall(topic, ask)


def forget(topic: str) -> None:
    """`Memory.drop` of the current app: for whoever has just committed a change."""
    current_app.extensions["pages"].drop(topic)
