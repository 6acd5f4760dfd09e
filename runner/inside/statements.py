"""Counts SQL where SQLite runs it, not where an ORM says so.

Every connection made through `sqlite3.connect` gets a trace callback, so statements issued by an ORM, by text or by a
raw connection are seen alike. Transaction control, pragmas and the statements of triggers are left out: an author
counts queries.
"""

from __future__ import annotations

import sqlite3
from typing import Any

#: After a mark, more than any sane request runs; what comes after is still counted, its text is not kept.
KEPT_STATEMENTS = 2_000
KEPT_CHARS = 500
_NOT_QUERIES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "--")


class StatementLog:
    """The statements of one process, in the order they ran."""

    def __init__(self) -> None:
        self._statements: list[str] = []
        self._marked_at = 0

    def install(self) -> None:
        """Trace every SQLite connection made from now on in this process and its forks."""
        real_connect = sqlite3.connect

        def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = real_connect(*args, **kwargs)
            connection.set_trace_callback(self.saw)
            return connection

        sqlite3.connect = connect  # type: ignore[assignment]
        sqlite3.dbapi2.connect = connect  # type: ignore[assignment]

    def saw(self, statement: str) -> None:
        """Record one statement unless it is transaction control."""
        if statement.lstrip().upper().startswith(_NOT_QUERIES):
            return
        kept = len(self._statements) - self._marked_at < KEPT_STATEMENTS
        self._statements.append(statement[:KEPT_CHARS] if kept else "")

    def since(self, mark: int) -> tuple[int, list[str]]:
        """The new mark and the statements after `mark`; a negative mark gives only the mark."""
        end = len(self._statements)
        if mark < 0:
            # Texts are kept anew: what a harness or a test wrote before does not use up the room.
            self._marked_at = end
        return end, ([] if mark < 0 else self._statements[mark:end])
