"""Is the carrier to be left alone? Pure: the time is an argument."""

from __future__ import annotations

from meridian.problems import Busy


class Health:
    """How the last calls of this process ended. After `row` failures in a row, a pause of `pause_s` seconds."""

    def __init__(self, row: int, pause_s: float) -> None:
        self._row = row
        self._pause_s = pause_s
        self._failed_at: list[float] = []

    @property
    def is_down(self) -> bool:
        return len(self._failed_at) >= self._row

    def check(self, now: float) -> None:
        """Raises Busy during a pause."""
        if self.is_down and now < self._failed_at[-1] + self._pause_s:
            raise Busy(int(self._failed_at[-1] + self._pause_s - now))

    def failed(self, now: float) -> None:
        self._failed_at = [*self._failed_at[-self._row :], now]

    def answered(self) -> None:
        self._failed_at.clear()
