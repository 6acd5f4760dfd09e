"""What a hidden suite may do with the challenge's own PostgreSQL: look, change, hold locks, see who waits."""

from __future__ import annotations

import itertools
import time
from typing import Any

from runner.inside.backend import Backend

_BLOCKED = """
    SELECT count(*) AS blocked FROM pg_stat_activity
    WHERE datname = 'app' AND usename = 'app' AND wait_event_type = 'Lock'
"""
_LOOK_AGAIN_S = 0.01


class Session:
    """A connection of the administrator's with a transaction of its own, begun by its first statement."""

    def __init__(self, backend: Backend, number: int) -> None:
        self._backend = backend
        self._number = number

    def execute(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        """Run a statement, `%s` for each parameter; gives its rows, each a dict by column, none where it has none.

        Values come as JSON has them, everything else as text: a numeric or a date, say. Raises `CallFailed` with the
        server's error, and `AppFault` when the server does not answer within the challenge's `request_s`.
        """
        return self._backend.database(self._number, sql, parameters)

    def commit(self) -> None:
        """End the transaction and keep what it did."""
        self.execute("COMMIT")

    def rollback(self) -> None:
        """End the transaction and undo what it did."""
        self.execute("ROLLBACK")


class Database(Session):
    """The test's database as its administrator sees it: each statement is committed by itself."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend, 0)
        self._numbers = itertools.count(1)

    def session(self) -> Session:
        """One more connection, with a transaction that lasts until `commit` or `rollback`: it can hold locks."""
        return Session(self._backend, next(self._numbers))

    def value(self, sql: str, *parameters: Any) -> Any:
        """The first column of the only row."""
        (row,) = self.execute(sql, *parameters)
        return next(iter(row.values()))

    def blocked(self) -> int:
        """How many of the app's connections wait for a lock now."""
        return int(self.value(_BLOCKED))

    def until_blocked(self, connections: int, *, within_s: float = 3.0) -> bool:
        """Wait until so many of the app's connections wait for a lock; whether they did within that time.

        So a race is made certain: hold a lock, send requests side by side, wait until all stand before it, let go.
        """
        deadline = time.monotonic() + within_s
        while self.blocked() < connections:
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_AGAIN_S)
        return True
