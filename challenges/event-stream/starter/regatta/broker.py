"""Who listens to which race."""

from __future__ import annotations

import queue

from flask import Flask, current_app

#: More than that is not kept for a listener.
KEPT = 10


class Broker:
    """Hands the numbers of passings to those who listen."""

    def __init__(self) -> None:
        self._mailboxes: dict[int, list[queue.Queue[int]]] = {}

    def join(self, race: int) -> queue.Queue[int]:
        """A mailbox that gets the numbers of this race's passings from now on."""
        mailbox: queue.Queue[int] = queue.Queue(KEPT)
        self._mailboxes.setdefault(race, []).append(mailbox)
        return mailbox

    def publish(self, race: int, passing: int) -> None:
        for mailbox in self._mailboxes.get(race, []):
            mailbox.put(passing)

    def listeners(self) -> int:
        return sum(len(mailboxes) for mailboxes in self._mailboxes.values())


def init_app(app: Flask) -> None:
    app.extensions["broker"] = Broker()


def broker() -> Broker:
    return current_app.extensions["broker"]
