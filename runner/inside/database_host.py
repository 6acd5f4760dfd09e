"""PID 1 of the container with a challenge's own PostgreSQL, as `server_host` has it: its operations, and their answers.

`keep`, `fresh`; `statements`, those that the app's role ran; `database`, a statement of the suite's.

The app reaches the server through a socket in the network namespace that the two containers share, and in no other
way. It is the role `app` there, may make what it likes in its database, and owns nothing: not the database, of which
`keep` makes the seeded original, nor a template. What is asked here is asked as administrator, whom the server knows
by the user id that the kernel tells it; the app's is another.

`keep` ends what the app's start left open and sets what it seeded aside. `fresh` gives each test a copy of that under
the same name; the next one is made while the test runs. Statements are counted by the server (`pg_stat_statements`).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, LiteralString, NoReturn

import psycopg
from psycopg.rows import dict_row

from runner.inside import server_host
from runner.inside.server_host import ServerHost, Unanswerable
from runner.inside.services import SERVICE, SOCKET
from runner.inside.statements import KEPT_CHARS, KEPT_STATEMENTS

_SHIPPED = Path("/opt/mendbox/cluster")
_CLUSTER = Path("/work/cluster")
_SERVER = "/opt/mendbox/pginstall/bin/postgres"
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_directories": SOCKET,
    "shared_memory_type": "mmap",
    "dynamic_shared_memory_type": "mmap",
    "shared_buffers": "16MB",
    "io_method": "sync",
    "max_connections": "40",
    "superuser_reserved_connections": "15",
    "temp_file_limit": "64MB",
    # All of it is thrown away with the container.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "16MB",
    "min_wal_size": "2MB",
    "autovacuum": "off",
    "jit": "off",
    "shared_preload_libraries": "pg_stat_statements",
    # Also what functions and DO blocks run.
    "pg_stat_statements.track": "all",
    "pg_stat_statements.save": "off",
    # Whoever may try to log in may fail as often as it likes.
    "log_min_messages": "panic",
}
_ACCESS = "local all database peer\nlocal app app trust\n"
_START_S = 30.0
_END_S = 5.0
_MOST_ROWS = 10_000
_NOT_QUERIES = re.compile(
    r"(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|SET|SHOW|RESET|DISCARD|DEALLOCATE|CLOSE)\b",
    re.IGNORECASE,
)
_CALLS = """
    SELECT queryid, toplevel, calls, left(query, %s) AS text FROM pg_stat_statements
    WHERE userid = 'app'::regrole AND dbid = (SELECT oid FROM pg_database WHERE datname = 'app')
"""


class Server:
    """The PostgreSQL of this container."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: psycopg.Connection[dict[str, Any]] | None = None
        self._makers = ThreadPoolExecutor(1)
        self._spare: Future[None] | None = None
        self._marks: list[dict[tuple[int, bool], int]] = []

    def start(self) -> str:
        """Copy the cluster to memory, start the server, wait until it answers; gives its version."""
        shutil.copytree(_SHIPPED, _CLUSTER)
        os.chmod(_CLUSTER, 0o700)
        (_CLUSTER / "pg_hba.conf").write_text(_ACCESS)
        settings = [part for name, text in _SETTINGS.items() for part in ("-c", f"{name}={text}")]
        said = os.open("/work/server.log", os.O_CREAT | os.O_WRONLY, 0o600)
        self._process = subprocess.Popen(
            [_SERVER, "-D", str(_CLUSTER), *settings], stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        os.close(said)
        deadline = time.monotonic() + _START_S
        while True:
            try:
                return str(_one(self._connection(), "SHOW server_version"))
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    why = Path("/work/server.log").read_text() or f"the server did not start: {error}"
                    raise SystemExit(why) from None
                time.sleep(0.01)

    def _connection(self) -> psycopg.Connection[dict[str, Any]]:
        if self._admin is None or self._admin.closed:
            self._admin = connect("postgres")
        return self._admin

    def keep(self) -> None:
        """Make what is in `app` the original of every test's database."""
        admin = self._connection()
        _turn_out(admin, "app")
        admin.execute("ALTER DATABASE app RENAME TO seeded")
        self._spare = self._makers.submit(_make_spare)

    def fresh(self) -> None:
        """Put a new copy of what was seeded in the place of the database `app`."""
        if self._spare is None:
            raise Unanswerable("The app did not start, and seeded no database")
        made = self._spare.exception() is None
        admin = self._connection()
        admin.execute("DROP DATABASE IF EXISTS app WITH (FORCE)")
        # Room may have run out while it was made; now there is some again.
        if not made or not _one(admin, "SELECT count(*) FROM pg_database WHERE datname = 'spare'"):
            _make_spare()
        # A role may set its own defaults; no test inherits another's.
        admin.execute("ALTER ROLE app RESET ALL")
        admin.execute("SELECT pg_stat_statements_reset()")
        admin.execute("ALTER DATABASE spare RENAME TO app")
        admin.execute("ALTER DATABASE app ALLOW_CONNECTIONS true")
        self._marks = []
        self._spare = self._makers.submit(_make_spare)

    def statements(self, since: int) -> tuple[int, list[str]]:
        """A mark for later, and the statements that the app's role ran since the mark `since`; none for -1.

        Raises Unanswerable when the server had to forget some: then nobody knows how many there were.
        """
        admin = self._connection()
        if _one(admin, "SELECT dealloc FROM pg_stat_statements_info"):
            raise Unanswerable("The app ran more different statements than its database keeps count of")
        rows = admin.execute(_CALLS, (KEPT_CHARS,)).fetchall()
        self._marks.append({(row["queryid"], row["toplevel"]): row["calls"] for row in rows})
        mark = len(self._marks) - 1
        if since < 0:
            return mark, []
        before = self._marks[since]
        ran: list[str] = []
        for row in rows:
            times = row["calls"] - before.get((row["queryid"], row["toplevel"]), 0)
            if times and not _NOT_QUERIES.match(row["text"].lstrip()):
                kept = min(times, max(0, KEPT_STATEMENTS - len(ran)))
                ran += [row["text"]] * kept + [""] * (times - kept)
        return mark, ran


def connect(database: str, *, autocommit: bool = True) -> psycopg.Connection[dict[str, Any]]:
    """A connection as administrator. Raises psycopg.OperationalError."""
    return psycopg.connect(
        service=SERVICE,
        user="database",
        dbname=database,
        autocommit=autocommit,
        row_factory=dict_row,
        connect_timeout=5,
        application_name="mendbox",
    )


def _one(admin: psycopg.Connection[dict[str, Any]], sql: LiteralString) -> Any:
    row = admin.execute(sql).fetchone()
    assert row is not None
    return next(iter(row.values()))


def _turn_out(admin: psycopg.Connection[Any], database: LiteralString) -> None:
    """Let nobody in any more, and wait until all who are in are out."""
    admin.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
    while admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (database,)
    ).fetchone():
        pass


def _make_spare() -> None:
    with contextlib.closing(connect("postgres")) as admin:
        admin.execute("DROP DATABASE IF EXISTS spare")
        admin.execute("CREATE DATABASE spare TEMPLATE seeded STRATEGY file_copy ALLOW_CONNECTIONS false")


class Sessions:
    """The administrator's sessions in the database of one test, each in a thread: one may wait for a lock."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[ThreadPoolExecutor, psycopg.Connection[dict[str, Any]]]] = {}
        self._changing = threading.Lock()

    def executor(self, number: int) -> tuple[ThreadPoolExecutor, psycopg.Connection[dict[str, Any]]]:
        """The session of that number, opened at first use. Session 0 commits each statement by itself."""
        with self._changing:
            if number not in self._open:
                self._open[number] = ThreadPoolExecutor(1), connect("app", autocommit=number == 0)
            return self._open[number]

    def end(self) -> None:
        """End all of them, and what they began."""
        with self._changing:
            sessions, self._open = list(self._open.values()), {}
        for threads, connection in sessions:
            threads.shutdown(wait=False, cancel_futures=True)
            with contextlib.suppress(psycopg.Error):
                connection.cancel_safe(timeout=1.0)
            with contextlib.suppress(psycopg.Error):
                connection.close()


def run_statement(connection: psycopg.Connection[dict[str, Any]], sql: str, parameters: Sequence[Any]) -> bytes:
    """Run a statement of the hidden suite; gives its rows as a JSON list of objects, empty where it has none.

    Numbers, texts, booleans and nulls stay what they are; everything else becomes the text that Python gives for it.
    """
    # The statement is the suite's own, which is trusted.
    cursor = connection.execute(sql.encode(), parameters or None)
    rows = cursor.fetchmany(_MOST_ROWS) if cursor.description else []
    return json.dumps(rows, default=str).encode()


class DatabaseHost(ServerHost):
    """Answers the host's operations; each session of the suite's has a thread of its own."""

    noun = "database"
    suite_operation = "database"
    errors = (psycopg.Error,)

    def __init__(self, read_fd: int, write_fd: int) -> None:
        super().__init__(read_fd, write_fd)
        self._server = Server()
        self._sessions = Sessions()
        self._keeper = ThreadPoolExecutor(1)

    def start(self) -> str:
        return self._server.start()

    def threads_for(self, fields: Mapping[str, Any]) -> ThreadPoolExecutor:
        return self._sessions.executor(fields["session"])[0] if fields["op"] == "database" else self._keeper

    def operate(self, fields: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        operation = fields["op"]
        if operation == "database":
            _, connection = self._sessions.executor(fields["session"])
            return {}, run_statement(connection, fields["sql"], fields["parameters"])
        if operation == "statements":
            mark, ran = self._server.statements(fields["since"])
            return {"mark": mark}, json.dumps(ran).encode()
        self._sessions.end()
        (self._server.keep if operation == "keep" else self._server.fresh)()
        return {}, b""


def run() -> NoReturn:
    """What the container's command becomes."""
    server_host.run(DatabaseHost)
