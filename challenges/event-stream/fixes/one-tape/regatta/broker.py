"""One tape for each race, which every listener reads at their own place.

What happens is written to the tape's end and those who wait are woken. A listener is a number: how far they have read.
Nobody has a copy of anything, so a slow one costs nothing but the tape, of which no more than `BACKLOG` is kept.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from flask import Flask, current_app

from regatta.models import Passing


class Behind(Exception):
    """The listener's place is not on the tape any more."""


@dataclass(eq=False)
class Reader:
    """Somebody's place: how many events of the tape they have passed."""

    place: int


@dataclass
class Tape:
    """The last events of a race; `written` is how many there ever were."""

    kept: deque[tuple[int, dict[str, str]]]
    written: int = 0
    readers: set[Reader] = field(default_factory=set)
    news: threading.Condition = field(default_factory=threading.Condition)

    def write(self, number: int, said: dict[str, str]) -> None:
        with self.news:
            self.kept.append((number, said))
            self.written += 1
            for reader in [reader for reader in self.readers if self._is_behind(reader)]:
                self.readers.discard(reader)
            self.news.notify_all()

    def open(self) -> Reader:
        with self.news:
            reader = Reader(self.written)
            self.readers.add(reader)
            return reader

    def close(self, reader: Reader) -> None:
        with self.news:
            self.readers.discard(reader)

    def read(self, reader: Reader, seconds: float) -> list[tuple[int, dict[str, str]]]:
        """What is new for the reader; waits for it, at most so long. Raises Behind."""
        with self.news:
            self.news.wait_for(lambda: reader.place < self.written, seconds)
            if self._is_behind(reader):
                raise Behind
            count = self.written - reader.place
            reader.place = self.written
            return list(self.kept)[len(self.kept) - count :]

    def _is_behind(self, reader: Reader) -> bool:
        return self.written - reader.place > len(self.kept)


class Broker:
    """The tapes of all races."""

    def __init__(self, backlog: int) -> None:
        self._backlog = backlog
        self._tapes: dict[int, Tape] = {}
        self._alone = threading.Lock()
        #: Held while a passing is stored and written, so that the tape has the order of the numbers.
        self.pen = threading.Lock()

    def tape(self, race: int) -> Tape:
        with self._alone:
            return self._tapes.setdefault(race, Tape(deque(maxlen=self._backlog)))

    def publish(self, passing: Passing) -> None:
        said = {"boat": passing.boat, "mark": passing.mark}
        self.tape(passing.race_number).write(passing.number, said)

    def listeners(self) -> int:
        with self._alone:
            return sum(len(tape.readers) for tape in self._tapes.values())


def init_app(app: Flask) -> None:
    app.extensions["broker"] = Broker(int(app.config["BACKLOG"]))


def broker() -> Broker:
    return current_app.extensions["broker"]
