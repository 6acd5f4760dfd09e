"""The scanner's light tables."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from coreshed.errors import ApiError


class LightTables:
    """Tables 1 to `count`. One table holds one core at a time."""

    def __init__(self, count: int) -> None:
        self._free = list(range(1, count + 1))
        self._lock = threading.Lock()

    def take(self) -> int:
        """The lowest free table. Raises ApiError 503 when there is none."""
        with self._lock:
            if not self._free:
                raise ApiError(503, "no_table", "All light tables are in use.")
            return self._free.pop(0)

    @contextmanager
    def one(self) -> Iterator[int]:
        """A table for as long as the block runs. Raises ApiError 503 when there is none."""
        table = self.take()
        try:
            yield table
        finally:
            self.give_back(table)

    def give_back(self, table: int) -> None:
        with self._lock:
            self._free = sorted([*self._free, table])
