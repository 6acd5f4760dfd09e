"""The app's own clocks, moved without sleeping.

`time-machine` moves `time.time`, `datetime` and their kin in C, even where they were imported by name, but leaves
`time.monotonic` and `perf_counter` alone. `install` puts wrappers for those into the `time` module; it must run
before the candidate's code is imported. The standard library's own waiting (`threading`, `queue`, `selectors`) bound
the real functions when it was imported, so waits and locks keep real time.
"""

from __future__ import annotations

import queue
import sched
import selectors
import sys
import threading
import time
from collections.abc import Callable

# time-machine brings a plugin for pytest, and so imports pytest where it is installed. The app's container has no use
# for it, and would take a fifth longer to start.
_had_pytest = sys.modules.setdefault("pytest", None) is not None  # type: ignore[arg-type]
try:
    import time_machine
finally:
    if not _had_pytest:
        del sys.modules["pytest"]

# These bind the real clocks; they must have done so before `install` replaces them.
_BOUND_TO_REAL_TIME = (threading, queue, sched, selectors)

_REAL: dict[str, Callable[[], float]] = {
    name: getattr(time, name) for name in ("monotonic", "perf_counter", "monotonic_ns", "perf_counter_ns")
}


class Clocks:
    """One process's clocks: an offset, and whether they stand still. Times are seconds."""

    def __init__(self) -> None:
        self._offset_s = 0.0
        self._frozen_at: float | None = None
        self._frozen_monotonic: dict[str, float] = {}
        self._travel: time_machine.travel | None = None

    def install(self) -> None:
        """Replace the monotonic clocks of the `time` module by ones that this object moves."""
        for name in _REAL:
            setattr(time, name, self._wrapper(name))

    def _wrapper(self, name: str) -> Callable[[], float]:
        real = _REAL[name]
        scale = 1_000_000_000 if name.endswith("_ns") else 1

        def clock() -> float:
            if self._frozen_at is not None:
                return self._frozen_monotonic[name]
            if not self._offset_s:
                return real()
            moved = real() + self._offset_s * scale
            return int(moved) if scale != 1 else moved

        clock.__name__ = name
        return clock

    def begin_at(self, at: float) -> None:
        """Go on from another time of day, seconds since the epoch; what counts from anywhere else stays as it is."""
        self._move(at, tick=True)

    def now(self) -> float:
        """The app's present time, seconds since the epoch."""
        return time.time()

    def change(self, *, advance_s: float = 0.0, freeze: bool = False, at: float | None = None) -> float:
        """Move forward by `advance_s`; with `freeze` stand still from then on, at epoch time `at` if given."""
        here = time.time()
        target = (at if at is not None else here) + advance_s
        monotonic = {name: getattr(time, name)() for name in _REAL}
        self._offset_s += advance_s
        if freeze or self._frozen_at is not None:
            self._frozen_at = target
            self._frozen_monotonic = {
                name: value + (int(advance_s * 1e9) if name.endswith("_ns") else advance_s)
                for name, value in monotonic.items()
            }
        self._move(target, tick=self._frozen_at is None)
        return target

    def state(self) -> tuple[float, float | None]:
        """What another process of the same test needs to show the same time: (advanced by, frozen at)."""
        return self._offset_s, self._frozen_at

    def reset(self) -> None:
        """Back to real time."""
        self._offset_s = 0.0
        self._frozen_at = None
        if self._travel is not None:
            self._travel.stop()
            self._travel = None

    def _move(self, target: float, *, tick: bool) -> None:
        if self._travel is not None:
            self._travel.stop()
        self._travel = time_machine.travel(target, tick=tick)
        self._travel.start()
