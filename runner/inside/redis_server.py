"""What a hidden suite may do with the challenge's own Redis: look, change, hold writes, see who waits."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from runner.inside.backend import Backend
from runner.inside.resp import to_bytes, to_text

#: Longer than any test may take; a test's end ends it, too.
_HELD_MS = 120_000
_LOOK_AGAIN_S = 0.01


class RedisServer:
    """The test's Redis as its administrator sees it."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def command(self, *parts: str | bytes | float, db: int = 0) -> Any:
        """Run one command in that database; gives the server's answer as JSON has it.

        Texts for bytes (others than UTF-8 as `os.fsdecode` gives them), lists, dicts for maps; sets in no order.
        Raises `CallFailed` with the server's error, and `AppFault` when the server does not answer within the
        challenge's `request_s` or has died.
        """
        return self._backend.redis([to_text(to_bytes(part)) for part in parts], db)

    def keys(self, pattern: str = "*", *, db: int = 0) -> list[str]:
        """The names of all keys that fit the pattern, sorted."""
        return sorted(self.command("KEYS", pattern, db=db))

    def waiting(self) -> int:
        """How many connections wait now: with a write that is held, or for a list or stream to be filled."""
        (found,) = re.findall(r"^blocked_clients:(\d+)", self.command("INFO", "clients"), re.MULTILINE)
        return int(found)

    def until_waiting(self, connections: int, *, within_s: float = 3.0) -> bool:
        """Wait until so many connections wait; whether they did within that time."""
        deadline = time.monotonic() + within_s
        while self.waiting() < connections:
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_AGAIN_S)
        return True

    @contextmanager
    def writes_held(self) -> Iterator[None]:
        """Meanwhile every write waits, the suite's own too, and reads are answered; at the end all go on.

        So a race is made certain: whoever reads and then writes has read when its write comes to wait.
        """
        self.command("CLIENT", "PAUSE", _HELD_MS, "WRITE")
        try:
            yield
        finally:
            self.command("CLIENT", "UNPAUSE")
