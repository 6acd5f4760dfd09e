"""A real PostgreSQL for tests: a temporary cluster on a Unix socket, started once for the test process.

    from tests.support.postgres import postgres_url  # noqa: F401 -- a fixture

    def test_something(postgres_url): ...

It runs as an unprivileged user, since PostgreSQL refuses root, and ends with the test process, however that ends.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import psycopg
import pytest

START_WAIT_S = 60.0
STOP_WAIT_S = 20.0
SUPERUSER = "mendbox"
#: Who runs the server when the tests run as root: what there is of these.
UNPRIVILEGED = ("postgres", "nobody")
#: Tests end the clients, never the machine: the server need not wait for the disk.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
}


class PostgresServer:
    """A cluster of our own. `url(database)` names one of its databases. `options`: of the server, as a port."""

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self.options = {**OPTIONS, **options}
        self._binaries = find_binaries()
        # Not pytest's tmp_path: no other user may enter that, and a socket's path may have 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="mendbox-pg-", dir="/tmp"))
        self._user = _unprivileged_user()
        if self._user:
            shutil.chown(self.folder, self._user)
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster and start it; returns when it answers."""
        data = self.folder / "data"
        made = subprocess.run(
            [
                *self._as_user(),
                self._binaries / "initdb",
                "--no-sync",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                f"--username={SUPERUSER}",
                f"--pgdata={data}",
            ],
            capture_output=True,
            cwd="/",
            check=False,
        )
        if made.returncode:
            pytest.fail(f"initdb failed:\n{made.stderr.decode(errors='replace')}")
        server = [*self._as_user("--pdeathsig=INT"), str(self._binaries / "postgres")]
        settings = [f"-c{name}={value}" for name, value in self.options.items()]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                # SIGINT is the server's "fast shutdown".
                [*server, f"-D{data}", f"-k{self.folder}", *settings],
                stdout=log,
                stderr=log,
                cwd="/",
            )
        deadline = time.monotonic() + START_WAIT_S
        while True:
            try:
                psycopg.connect(self._dsn("postgres")).close()
                return
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log_text = (self.folder / "log").read_text(errors="replace")
                    pytest.fail(f"PostgreSQL did not start: {error}\n{log_text}")
                time.sleep(0.05)

    def stop(self) -> None:
        """End the server and remove its files."""
        if self._process is not None:
            self._process.send_signal(2)
            try:
                self._process.wait(STOP_WAIT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def create_database(self, *, template: str = "template0") -> str:
        """Make a database, empty or a copy of `template`, and return its name."""
        name = f"t{next(self._numbers)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, ending whoever is still connected."""
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def empty_database(self, name: str) -> None:
        """Remove every row, ending whoever is still connected. Takes a tenth of what a new database takes."""
        with psycopg.connect(self._dsn(name), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            tables = connection.execute(
                "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchone()
            connection.execute(f"TRUNCATE {tables[0]} RESTART IDENTITY" if tables and tables[0] else "SELECT 1")

    def url(self, database: str) -> str:
        """The database's URL, as MENDBOX_DATABASE_URL takes it."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self.folder}"

    def _dsn(self, database: str) -> str:
        port = self.options.get("port", "5432")
        return f"host={self.folder} port={port} user={SUPERUSER} dbname={database}"

    def own(self, path: Path) -> Path:
        """Give a file in the cluster's folder to the server's user, for that user alone."""
        path.chmod(0o600)
        if self._user:
            shutil.chown(path, self._user)
        return path

    def _as_user(self, *options: str) -> list[str]:
        identity = ["--reuid", self._user, "--regid", _group_of(self._user), "--clear-groups"] if self._user else []
        return ["setpriv", *identity, *options, "--"] if identity or options else []


def find_binaries() -> Path:
    """The newest installed server's folder. A test that needs one where there is none fails; it is not skipped."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    on_path = shutil.which("postgres")
    if not folders and not on_path:
        pytest.fail("PostgreSQL's server is not installed; on Debian: apt-get install -y postgresql")
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    return Path(str(on_path)).parent


def _unprivileged_user() -> str:
    if os.getuid() != 0:
        return ""
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    pytest.fail(f"PostgreSQL can't run as root, and there is no user called {' or '.join(UNPRIVILEGED)}")


def _group_of(user: str) -> str:
    return str(pwd.getpwnam(user).pw_gid)


@functools.cache
def shared_server() -> PostgresServer:
    """The one server of this test process, started on the first call."""
    server = PostgresServer()
    atexit.register(server.stop)
    server.start()
    return server


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """A running server, for tests that make databases of their own."""
    return shared_server()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The URL of a new, empty database."""
    server = shared_server()
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)
