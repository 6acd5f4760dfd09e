"""The door to the database: engines by URL, and transactions whose failures are named as the platform's.

SQLite: write-ahead log; every writing transaction begins with BEGIN IMMEDIATE, because one that begins as a reader and
then writes loses updates or fails at once under concurrency; the driver's own transaction handling is off. PostgreSQL:
READ COMMITTED, rows locked where a decision depends on them.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, func, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from store.errors import BadStoreUrl, SchemaMismatch, StoreFault, StoreUnavailable
from store.text import dump_json

#: How long a writer waits for another before the store counts as unavailable: far beyond any transaction of ours.
LOCK_WAIT_S = 10.0
#: How long to wait for a PostgreSQL server to answer a new connection.
CONNECT_WAIT_S = 5
#: A server that is gone without a word, or a path to it that forgot us, is noticed within half a minute: TCP waits a
#: quarter of an hour for what was sent, and hours where nothing is. libpq's names; seconds, milliseconds for the last.
_LIVENESS = {"keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000}
#: Connections kept; as many again may be opened at peaks. A web worker has a few tens of threads at most.
POOL_SIZE = 10

#: Names of execution options of our own.
_READS, _SURVIVES = "mendbox_reads", "mendbox_survives"
#: PostgreSQL's codes for a table or column that is not there.
_MISSING_IN_POSTGRES = frozenset({"42P01", "42703"})
_URLS = "use sqlite:///relative/path.db, sqlite:////absolute/path.db or postgresql://user:password@host/database"


class Survives(Enum):
    """What a committed transaction must not be lost by. Each level is dearer than the next: waiting for the disk takes
    milliseconds, and a grading has two to four transactions."""

    #: A machine that loses its power: for what nobody can make again, as submissions and tokens.
    POWER_LOSS = auto()
    #: The death of any process, the database server's too: for grades. After a loss of power it is graded again.
    ANY_CRASH = auto()
    #: The death of our own processes: for claims, heartbeats and progress.
    OUR_CRASH = auto()


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def parse_url(url: str) -> URL:
    """The URL with its driver settled. Raises BadStoreUrl with the forms that work."""
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise BadStoreUrl("the database URL can't be read", hint=_URLS) from error
    backend = parsed.drivername.partition("+")[0]
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise BadStoreUrl(f"{backend} is not a database that the store knows", hint=_URLS)
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
        raise BadStoreUrl("SQLite needs a file: several processes share the records", hint=_URLS)
    return parsed.set(drivername="sqlite")


def make_engine(url: str) -> Engine:
    """An engine for the URL; connects to nothing yet. A new SQLite file and its folder are for their owner alone."""
    parsed = parse_url(url)
    # Parameters hold candidates' code and app output: they stay out of messages and logs.
    common: dict[str, Any] = {"hide_parameters": True, "json_serializer": dump_json}
    if parsed.drivername != "sqlite":
        return create_engine(
            parsed,
            pool_size=POOL_SIZE,
            max_overflow=POOL_SIZE,
            pool_timeout=LOCK_WAIT_S,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": CONNECT_WAIT_S,
                **_LIVENESS,
                "application_name": "mendbox",
                "options": f"-c lock_timeout={int(LOCK_WAIT_S * 1000)}",
            },
            **common,
        )
    _make_private(Path(parsed.database or ""))
    engine = create_engine(
        parsed,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=LOCK_WAIT_S,
        connect_args={"timeout": LOCK_WAIT_S, "check_same_thread": False},
        **common,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            return
        # Made under another name: closing a file drops every lock that the process has on it, SQLite's too, so one that
        # somebody may have opened meanwhile is not to be opened here.
        handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(made)
    except OSError as error:
        raise StoreUnavailable(
            f"the database file {path} can't be made: {error.strerror}",
            hint="choose another place with MENDBOX_DATABASE_URL, or mend its permissions",
        ) from error


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite` alone
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_READS):
        connection.exec_driver_sql("BEGIN")
        return
    # It can't be changed inside a transaction. A killed process loses nothing with either.
    on_the_disk = options.get(_SURVIVES, Survives.POWER_LOSS) is Survives.POWER_LOSS
    connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if on_the_disk else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class Database:
    """Transactions on one engine. Threads may share it.

    After a fork the child gets connections of its own, except on SQLite: there one that was in use before the fork is
    refused in the child.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self.engine = engine
        self.now = clock
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._process = os.getpid()
        self._left_to_parent: list[object] = []
        # SQLite has one writer at a time and lets the others poll; threads of one process wait in line here instead.
        self._one_writer: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()

    def _check_process(self) -> None:
        if self._process == os.getpid():
            return
        pool = self.engine.pool
        if self.is_sqlite and isinstance(pool, QueuePool) and pool.checkedin() + pool.checkedout():
            # SQLite's own memory of its locks came along, the locks did not: writing now could destroy the file.
            raise StoreFault(
                "the process forked while its SQLite database was open, so the child can't use it",
                hint="open the store in the child, or close it before the fork",
            )
        # Closing an inherited connection here would end the parent's, so they are kept, unused.
        self._left_to_parent.append(pool)
        self.engine.dispose(close=False)
        self._process = os.getpid()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with: one snapshot on SQLite, statement by statement on PostgreSQL."""
        self._check_process()
        with naming_faults(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.execution_options(**{_READS: True})
            else:
                connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection

    @contextmanager
    def writing(self, survives: Survives = Survives.POWER_LOSS) -> Iterator[Connection]:
        """A transaction: all of it is stored when this ends without an exception, nothing otherwise."""
        self._check_process()
        with naming_faults(), self._one_writer, self.engine.connect() as connection:
            connection.execution_options(**{_SURVIVES: survives})
            with connection.begin():
                if survives is Survives.OUR_CRASH and not self.is_sqlite:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
                yield connection

    def one_at_a_time(self, connection: Connection, *words: str) -> None:
        """Wait until no other transaction is open that has asked for the same words. SQLite has one writer anyway."""
        if not self.is_sqlite:
            number = int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:8], "big", signed=True)
            connection.execute(select(func.pg_advisory_xact_lock(number)))

    def close(self) -> None:
        """Close every idle connection."""
        self._check_process()
        self.engine.dispose()


@contextmanager
def naming_faults() -> Iterator[None]:
    """Turn what the database driver raises into StoreFault and its kinds."""
    try:
        yield
    except exc.DBAPIError as error:
        raise _fault(error) from error
    except exc.TimeoutError as error:
        raise StoreUnavailable("every connection to the database is in use") from error


def _fault(error: exc.DBAPIError) -> StoreFault:
    lines = str(error.orig).strip().splitlines()
    reason = lines[0] if lines else type(error.orig).__name__
    if getattr(error.orig, "sqlstate", None) in _MISSING_IN_POSTGRES or reason.startswith("no such "):
        return SchemaMismatch(
            f"the database has not the tables that this version needs: {reason}", hint="run: mendbox db upgrade"
        )
    if isinstance(error, exc.OperationalError | exc.InterfaceError):
        return StoreUnavailable(
            f"the database is not available: {reason}", hint="check MENDBOX_DATABASE_URL and the database server"
        )
    return StoreFault(f"the database refused: {reason}")
