"""Names and addresses that are being given away at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Reservations:
    """Makes whoever asks for something that is being given away wait until that is done."""

    def __init__(self) -> None:
        self._held: dict[str, int] = {}
        self._changed = Condition()

    @contextmanager
    def holding(self, *texts: str) -> Iterator[None]:
        keys = sorted({text.strip().lower() for text in texts})
        with self._changed:
            while any(self._held.get(key, 0) > 0 for key in keys):
                self._changed.wait(timeout=5)
            for key in keys:
                self._held[key] = self._held.get(key, 0) + 1
        try:
            yield
        finally:
            with self._changed:
                for key in keys:
                    self._held[key] -= 1
                    if not self._held[key]:
                        del self._held[key]
                self._changed.notify_all()


reservations = Reservations()
