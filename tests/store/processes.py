"""Other processes that use the store, started without importing everything anew: forked from a clean server process."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import text

from store.states import ClaimPolicy
from store.store import Store
from tests.store.examples import add, claimed, make_grade

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__, "alembic.command", "sqlalchemy.dialects.postgresql.psycopg"])

#: What a test waits for one answer: only a hang takes so long.
ANSWER_WAIT_S = 120.0


class Process:
    """`work(url, connection)` in a process of its own; it answers by sending over the connection."""

    def __init__(self, work: Callable[[str, Connection], None], url: str) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=work, args=(url, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def answer(self) -> Any:
        """The next thing it sends. Raises EOFError once it ended and all is read."""
        assert self.connection.poll(ANSWER_WAIT_S), "the process did not answer"
        return self.connection.recv()

    def kill(self) -> list[Any]:
        """SIGKILL; then what it had sent and nobody had read. A message cut off by the signal is none."""
        self._process.kill()
        self._process.join()
        left = []
        try:
            while True:
                left.append(self.connection.recv())
        except (EOFError, OSError):
            self.connection.close()
        return left

    def join(self) -> int | None:
        """Its exit code, once it ended."""
        self._process.join()
        self.connection.close()
        return self._process.exitcode


def upgrade(url: str, connection: Connection) -> None:
    """Bring the tables up to date."""
    with Store.open(url) as store:
        store.upgrade()
        store.check()


def grade_what_is_free(url: str, connection: Connection) -> None:
    """Receive gradings' ids, grade those that can be claimed, send their ids."""
    mine = []
    with Store.open(url) as store:
        for grading_id in connection.recv():
            claim = store.claims.take(grading_id, "worker", ClaimPolicy(lease_s=600))
            if claim is not None:
                assert store.events.append(claim, [("test", {"number": number}) for number in range(3)])
                assert store.claims.record_grade(claim, make_grade(claim))
                mine.append(grading_id)
    connection.send(mine)


def submit_for_ever(url: str, connection: Connection) -> None:
    """Add submissions and send each grading's id once it is stored."""
    store = Store.open(url)
    while True:
        connection.send(add(store).id)


def stop_in_mid_transaction(url: str, connection: Connection) -> None:
    """Grade five, send their ids, then change everything in a transaction that never ends."""
    store = Store.open(url)
    for _ in range(5):
        claim = claimed(store, add(store).id)
        assert store.claims.record_grade(claim, make_grade(claim))
        connection.send(claim.grading_id)
    with store._database.writing() as transaction:
        transaction.execute(text("UPDATE gradings SET score = 99"))
        transaction.execute(text("DELETE FROM grading_tests"))
        connection.send("in mid-transaction")
        time.sleep(600)
