"""Connections, as many as there are, in a queue of our own."""

from __future__ import annotations

import queue
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError


class NoneLeft(Exception):
    """All connections are in use."""


class Places:
    """A place for each connection that there is. Whoever has a place has its connection, which is opened once."""

    def __init__(self, url: str, count: int, wait_s: float) -> None:
        self._engine: Engine = create_engine(url, poolclass=NullPool)
        self._wait_s = wait_s
        self._places: queue.LifoQueue[Connection | None] = queue.LifoQueue()
        for _ in range(count):
            self._places.put(None)

    def take(self) -> Connection:
        """A connection; raises NoneLeft."""
        try:
            found = self._places.get(timeout=self._wait_s)
        except queue.Empty:
            raise NoneLeft from None
        if found is not None:
            return found
        try:
            return self._engine.connect()
        except DBAPIError as error:
            self._places.put(None)
            raise NoneLeft from error

    def put(self, connection: Connection, *, whole: bool) -> None:
        """Give it back, with nothing of what was done on it."""
        if not whole:
            connection.rollback()
        self._places.put(connection)
