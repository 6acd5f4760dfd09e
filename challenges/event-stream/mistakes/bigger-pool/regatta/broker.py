"""Who listens to which race. Knows nothing of the database: it hands on texts."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app


class Mailbox:
    """What waits for one listener: events with their numbers."""

    def __init__(self, size: int) -> None:
        self.events: queue.Queue[tuple[int, str]] = queue.Queue(size)
        self.overflown = False

    def take(self, seconds: float) -> tuple[int, str] | None:
        """The next event, or None if none comes in so many seconds."""
        try:
            return self.events.get(timeout=seconds)
        except queue.Empty:
            return None


class Broker:
    """Hands events to those who listen, each to a mailbox of `size`; who lets theirs overflow is not a listener any more."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._mailboxes: dict[int, set[Mailbox]] = {}
        self._lock = threading.Lock()
        self._in_order = threading.Lock()

    def join(self, race: int) -> tuple[Mailbox, Callable[[], None]]:
        """A mailbox that gets this race's events from now on, and what ends that."""
        mailbox = Mailbox(self._size)
        with self._lock:
            self._mailboxes.setdefault(race, set()).add(mailbox)
        return mailbox, lambda: self._drop(race, mailbox)

    def _drop(self, race: int, mailbox: Mailbox) -> None:
        with self._lock:
            self._mailboxes.get(race, set()).discard(mailbox)
            if not self._mailboxes.get(race):
                self._mailboxes.pop(race, None)

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Whatever is stored and published within is so in one order."""
        with self._in_order:
            yield

    def publish(self, race: int, number: int, event: str) -> None:
        with self._lock:
            mailboxes = list(self._mailboxes.get(race, ()))
        for mailbox in mailboxes:
            try:
                mailbox.events.put_nowait((number, event))
            except queue.Full:
                mailbox.overflown = True
                self._drop(race, mailbox)

    def listeners(self) -> int:
        with self._lock:
            return sum(len(mailboxes) for mailboxes in self._mailboxes.values())


def init_app(app: Flask) -> None:
    app.extensions["broker"] = Broker(int(app.config["BACKLOG"]))


def broker() -> Broker:
    return current_app.extensions["broker"]
