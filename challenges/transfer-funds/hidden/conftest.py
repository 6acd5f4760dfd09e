"""What is booked, read from the tables; requests that meet for certain; a database that fails where it is told to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from mendbox_harness import Account, Exchange

#: Whoever waits here has a reason that is over in no time, or waits for what is held.
_WAIT_S = 4.0
_BOOKS = """
    SELECT a.number, a.balance_cents AS balance, coalesce(sum(e.amount_cents), 0)::bigint AS entries,
        count(e.id) AS lines
    FROM accounts a LEFT JOIN entries e ON e.account_id = a.id GROUP BY a.id
"""
#: By the lock manager's own tables: who was let go a moment ago doesn't wait any more.
_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'app' AND cardinality(pg_blocking_pids(pid)) > 0
"""


@pytest.fixture
def exchange(seed: int) -> Exchange:
    """The exchange that the harness stored for this grading."""
    return Exchange(seed)


class Books:
    """Balances, entries and transfers as the auditor reads them: from the tables."""

    def __init__(self, database: Any, exchange: Exchange) -> None:
        self._database = database
        self._exchange = exchange

    def read(self) -> dict[str, Any]:
        """Of each account its balance, the sum of its entries and their number; and how many transfers there are."""
        books: dict[str, Any] = {
            row["number"]: (row["balance"], row["entries"], row["lines"]) for row in self._database.execute(_BOOKS)
        }
        return books | {"transfers": self._database.value("SELECT count(*) FROM transfers")}

    def after(self, *moves: tuple[Account, Account, int], cash: Any = ()) -> dict[str, Any]:
        """What `read` must give once payments (payer, payee, cents) and the desk's bookings (account, cents) are in."""
        balances = {account.number: account.balance for account in self._exchange.accounts}
        lines = {account.number: int(account.balance != 0) for account in self._exchange.accounts}
        changes = [(account, cents) for account, cents in cash]
        for payer, payee, cents in moves:
            changes += [(payer, -cents), (payee, cents)]
        for account, cents in changes:
            balances[account.number] += cents
            lines[account.number] += 1
        books: dict[str, Any] = {number: (balance, balance, lines[number]) for number, balance in balances.items()}
        return books | {"transfers": len(moves)}


@pytest.fixture
def books(database: Any, exchange: Exchange) -> Books:
    return Books(database, exchange)


class Desk:
    """The cash desk at work on one account, whose row it has locked."""

    def __init__(self, database: Any, table: str, number: int) -> None:
        self._session = database.session()
        self._number = number
        # Names of our own, written out below.
        self._session.execute(f"SELECT id FROM {table} WHERE id = %s FOR NO KEY UPDATE", number)

    def book(self, cents: int) -> None:
        """Pay in, or out if below zero; not committed yet."""
        self._session.execute(
            "UPDATE accounts SET balance_cents = balance_cents + %s WHERE id = %s", cents, self._number
        )
        self._session.execute(
            "INSERT INTO entries (account_id, amount_cents, booked_at) VALUES (%s, %s, now() AT TIME ZONE 'utc')",
            self._number,
            cents,
        )

    def close(self) -> None:
        self._session.execute("UPDATE accounts SET closed = true WHERE id = %s", self._number)

    def commit(self) -> None:
        self._session.commit()


class Meeting:
    """Requests that meet: rows are held, requests are sent one by one until each waits or is done, rows are let go.

    So the order in which requests wait for a row is the order in which they were sent, and a row is let go when all
    have got as far as they can. No request's pace decides anything.
    """

    def __init__(self, database: Any) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(8)
        self._sent: list[Future[Any]] = []
        self._held: dict[tuple[str, int], Desk] = {}
        self._elsewhere = 0

    def hold(self, *accounts: Account) -> None:
        for account in accounts:
            self.desk(account)

    def desk(self, account: Account) -> Desk:
        """Hold an account's row; the desk may book on it."""
        return self._hold("accounts", account.id)

    def hold_transfer(self, number: int) -> None:
        self._hold("transfers", number)

    def _hold(self, table: str, number: int) -> Desk:
        desk = self._held[table, number] = Desk(self._database, table, number)
        return desk

    def send(self, call: Callable[[], Any]) -> Future[Any]:
        """Begin a request; comes back when it waits for what is held, or is done."""
        sent = self._threads.submit(call)
        self._sent.append(sent)
        self._settle()
        return sent

    def answers(self) -> list[Any]:
        """Let go what is held: transfers, then accounts by id, each once all wait; gives the answers as sent."""
        for key in sorted(self._held, key=lambda key: (key[0] == "accounts", key[1])):
            self._held.pop(key).commit()
            self._settle()
        sent, self._sent, self._elsewhere = self._sent, [], 0
        return [request.result() for request in sent]

    def _settle(self) -> None:
        deadline = time.monotonic() + _WAIT_S
        while time.monotonic() < deadline:
            done = sum(sent.done() for sent in self._sent)
            waiting = self._database.value(_WAITING)
            if done + waiting + self._elsewhere >= len(self._sent):
                return
            time.sleep(0.005)
        # Some wait for what the database knows nothing of; they are not waited for again.
        self._elsewhere = len(self._sent) - done - waiting

    def end(self) -> None:
        """Nobody waits for anything any more."""
        while self._held:
            self._held.popitem()[1].commit()
        self._threads.shutdown()


@pytest.fixture
def meeting(database: Any) -> Iterator[Meeting]:
    arranged = Meeting(database)
    yield arranged
    arranged.end()


@pytest.fixture
def workers(app: Any) -> tuple[Any, Any]:
    """Clients of two workers."""
    return app.client(), app.instance().client()


class Faults:
    """Makes the database fail: at the step that concerns one account, and no other."""

    def __init__(self, database: Any) -> None:
        self._database = database
        database.execute(
            "CREATE FUNCTION out_of_order() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RAISE EXCEPTION ''out of order''; END'"
        )

    def begin(self, step: str, account: Account) -> None:
        """From now on fail when an entry of the account's is stored, or when one is committed."""
        kind, when, timing = {
            "entry": ("TRIGGER", "BEFORE", ""),
            "commit": ("CONSTRAINT TRIGGER", "AFTER", "DEFERRABLE INITIALLY DEFERRED"),
        }[step]
        self._database.execute(
            f"CREATE {kind} fault {when} INSERT ON entries {timing} FOR EACH ROW"
            f" WHEN (NEW.account_id = {account.id}) EXECUTE FUNCTION out_of_order()"
        )

    def end(self) -> None:
        self._database.execute("DROP TRIGGER fault ON entries")


@pytest.fixture
def faults(database: Any) -> Faults:
    return Faults(database)


@pytest.fixture
def traders(exchange: Exchange, rng: Any) -> list[Account]:
    """The six who can pay some hundreds, in any order."""
    return rng.sample(exchange.traders, 6)


@pytest.fixture
def quarters(rng: Any) -> Callable[[int], list[int]]:
    """`quarters(2)` gives so many amounts in cents from 5.00 to 60.00, no two alike, all of them whole quarters."""
    return lambda count: [25 * number for number in rng.sample(range(20, 241), count)]
