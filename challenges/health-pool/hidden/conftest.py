"""The desk of this grading; requests that hold its connections; what the database sees of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from mendbox_harness import Desk

#: What an app that answers at once needs, on a machine that is busy with other things as well.
_SETTLED_S = 3.0


class Night:
    """Requests at the same time, and the database's side of them."""

    def __init__(self, app: Any, client: Any, database: Any, desk: Desk, rng: Any) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(8)
        self.client = client
        self.database = database
        self.desk = desk
        self._rng = rng

    def send(self, method: str, path: str, **more: Any) -> Future[Any]:
        """Begin a request by somebody else."""
        client = self._app.client()
        return self._threads.submit(lambda: client.open(path, method=method, **more))

    def send_all(self, *requests: tuple[str, str, Any]) -> list[tuple[float, Any]]:
        """Send requests at the same time, each a method, a path and JSON; gives answers, each after its seconds."""

        def timed(method: str, path: str, body: Any) -> tuple[float, Any]:
            client, begun = self._app.client(), time.monotonic()
            answer = client.open(path, method=method, json=body)
            return time.monotonic() - begun, answer

        return list(self._threads.map(timed, *zip(*requests, strict=True)))

    def wish(self) -> dict[str, str]:
        """What somebody wants to book."""
        return {"observer": f"Nils {self._rng.randrange(10**6)}", "target": f"HD {self._rng.randrange(10**6)}"}

    def book(self, night: dict[str, Any], wish: dict[str, str]) -> Any:
        return self.client.post(f"/nights/{night['id']}/bookings", json=wish)

    @contextmanager
    def all_in_use(self, but: int = 0) -> Iterator[list[Future[Any]]]:
        """As many bookings as there are connections, `but` so many, wait in the database for a night that is held."""
        number = self.desk.free[0]["id"]
        holder = self.database.session()
        holder.execute("SELECT * FROM nights WHERE id = %s FOR UPDATE", number)
        sent: list[Future[Any]] = []
        try:
            wishes = [self.wish() for _ in range(self.desk.connections - but)]
            sent += [self.send("POST", f"/nights/{number}/bookings", json=wish) for wish in wishes]
            assert self.wait(sent)
            yield sent
        finally:
            holder.rollback()
            for request in sent:
                request.exception()

    def wait(self, requests: list[Future[Any]]) -> bool:
        """Whether all of these wait in the database; once they do, or one of them is answered."""
        blocked = 0

        def settled() -> bool:
            nonlocal blocked
            is_answered = any(request.done() for request in requests)
            blocked = self.database.blocked()
            return is_answered or blocked >= len(requests)

        settles(settled)
        return blocked >= len(requests)

    def connections(self, *, open_transactions: bool = False) -> int:
        """How many connections the app has, or how many of them are in a transaction."""
        sql = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' AND datname = current_database()"
        return self.database.value(f"{sql} AND state <> 'idle'" if open_transactions else sql)

    def nothing_is_open(self) -> bool:
        """Whether no transaction is left open; those that are just being ended are waited for."""
        return settles(lambda: self.connections(open_transactions=True) == 0)

    def goes_away(self) -> None:
        """The database ends the app's connections, and takes no more."""
        self.database.execute("ALTER DATABASE app CONNECTION LIMIT 0")
        self.ends_connections()

    def ends_connections(self) -> None:
        # Without a time-out of its own, which the server looks at every 100 ms, once for each connection.
        self.database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'app' AND datname = current_database()"
        )
        assert settles(lambda: self.connections() == 0)

    def comes_back(self) -> None:
        self.database.execute("ALTER DATABASE app CONNECTION LIMIT -1")

    def use_all(self) -> None:
        """The process has opened the connections that it may have."""
        with self.all_in_use():
            pass

    def works(self, more: int = 0) -> None:
        """All connections can be had, and the list is right after so many bookings of the first free night."""
        with self.all_in_use() as sent:
            pass
        assert [request.result().status_code for request in sent] == [201] * self.desk.connections
        self.lists(more + self.desk.connections)

    def lists(self, more: int = 0) -> None:
        """The list is right after so many bookings of the first free night."""
        expected = self.desk.rows()
        for row in expected:
            if row["id"] == self.desk.free[0]["id"]:
                row["free"] -= more
        assert self.client.get("/nights").json == {"nights": expected}

    def end(self) -> None:
        self._threads.shutdown()


def settles(is_so: Callable[[], bool]) -> bool:
    """Whether it is so, or soon is."""
    deadline = time.monotonic() + _SETTLED_S
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.003)
    return True


@pytest.fixture
def desk(seed: int) -> Desk:
    """The desk that the harness stored for this grading."""
    return Desk(seed)


@pytest.fixture
def night(app: Any, client: Any, database: Any, desk: Desk, rng: Any) -> Iterator[Night]:
    made = Night(app, client, database, desk, rng)
    yield made
    made.end()


@pytest.fixture
def is_busy(desk: Desk) -> Callable[[Any], bool]:
    """Whether an answer says that all connections are in use."""

    def is_busy(answer: Any) -> bool:
        told = (answer.status_code, answer.json, answer.headers.get("Retry-After"))
        return told == (503, {"error": "busy"}, str(desk.retry_after))

    return is_busy
