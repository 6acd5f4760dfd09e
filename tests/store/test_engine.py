"""The door to the database: URLs, pragmas, faults by name, forks."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import literal, select, text

from store.engine import Database, Survives, make_engine, parse_url
from store.errors import BadStoreUrl, StoreFault, StoreUnavailable
from store.store import Store
from store.tables import UtcDateTime
from tests.store.examples import CHANGE, ORIGIN, add
from tests.support.postgres import shared_server

#: From Python 3.12 on forking beside threads is warned of; here it is what is tried.
FORKS = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "can't be read"),
        ("no url", "can't be read"),
        ("mysql://host/db", "mysql is not a database"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:///file:x?mode=memory&uri=true", "needs a file"),
    ],
)
def test_a_url_that_can_not_work_is_refused_with_those_that_do(url: str, words: str) -> None:
    with pytest.raises(BadStoreUrl, match=words) as caught:
        Store.open(url)
    assert "sqlite:////absolute/path.db" in str(caught.value.hint)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_usual_name_of_postgresql_means_the_driver_we_have(scheme: str) -> None:
    assert parse_url(f"{scheme}://u:p@h/db").drivername == "postgresql+psycopg"


def test_a_new_sqlite_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "mendbox.db"
    with Store.open(f"sqlite:///{path}") as store:
        store.upgrade()
        add(store)
        modes = {file.name: file.stat().st_mode & 0o077 for file in (path.parent, *path.parent.iterdir())}
    assert {"mendbox.db", "mendbox.db-wal", "new"} <= set(modes)
    assert set(modes.values()) == {0}


LOCKED = """
import fcntl, sys
with open(sys.argv[1], "rb+") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)  # SQLite's shared bytes
    except OSError:
        print("locked")
"""


def test_opening_a_store_leaves_the_locks_of_one_that_is_open_in_place(tmp_path: Path) -> None:
    """Closing a file drops all of a process's locks on it; without them another process may delete the log in use."""

    def look() -> str:
        command = [sys.executable, "-c", LOCKED, str(tmp_path / "a.db")]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    with Store.open(f"sqlite:///{tmp_path}/a.db") as first:
        assert look() == ""
        first.upgrade()
        assert look() == "locked\n"
        with Store.open(f"sqlite:///{tmp_path}/a.db"):
            assert look() == "locked\n"
        assert {path.name for path in tmp_path.iterdir()} == {"a.db", "a.db-wal", "a.db-shm"}


def test_sqlite_has_a_write_ahead_log_foreign_keys_and_a_patient_writer(tmp_path: Path) -> None:
    database = Database(make_engine(f"sqlite:///{tmp_path}/a.db"))
    with database.writing() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}


@pytest.mark.parametrize(
    ("survives", "on_sqlite", "on_postgresql"),
    [(Survives.POWER_LOSS, 2, "on"), (Survives.ANY_CRASH, 1, "on"), (Survives.OUR_CRASH, 1, "off")],
)
def test_a_transaction_waits_for_the_disk_as_far_as_it_must_survive(
    url: str, survives: Survives, on_sqlite: int, on_postgresql: str
) -> None:
    database = Database(make_engine(url))
    question, expected = (
        ("PRAGMA synchronous", on_sqlite)
        if database.is_sqlite
        else (
            "SHOW synchronous_commit",
            on_postgresql,
        )
    )
    for before in Survives:  # whatever the connection was used for before
        with database.writing(before):
            pass
        with database.writing(survives) as connection:
            assert connection.exec_driver_sql(question).scalar_one() == expected
    database.close()


def test_a_place_where_no_file_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match=r"file/mendbox\.db can't be made") as caught:
        Store.open(f"sqlite:///{tmp_path}/file/mendbox.db")
    assert "MENDBOX_DATABASE_URL" in str(caught.value.hint)


def test_a_server_that_is_away_is_a_platform_fault_that_names_no_password(tmp_path: Path) -> None:
    store = Store.open(f"postgresql://me:hush@/db?host={tmp_path}")
    for call in (store.check, store.backlog.counts, lambda: add(store), store.upgrade):
        with pytest.raises(StoreUnavailable, match="the database is not available") as caught:
            call()
        assert "hush" not in str(caught.value)


def test_a_file_that_is_no_database_is_a_platform_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreFault, match="file is not a database"):
        Store.open(f"sqlite:///{path}").backlog.counts()


def test_a_lock_held_too_long_is_a_platform_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.engine.LOCK_WAIT_S", 0.05)
    url = f"sqlite:///{tmp_path}/a.db"
    with Store.open(url) as store:
        store.upgrade()
        other = sqlite3.connect(tmp_path / "a.db")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            add(store)
        assert store.backlog.counts()  # readers go on
        other.close()
        add(store)


def test_a_fault_shows_no_parameters(store: Store) -> None:
    from dataclasses import replace

    secret = "the candidate's own words"
    with pytest.raises(StoreFault) as caught:
        store.submissions.add(CHANGE, replace(ORIGIN, challenge=secret, token_id="0" * 32))
    assert secret not in str(caught.value)
    assert secret not in str(caught.value.__cause__)


def test_a_connection_that_the_server_ended_is_replaced(postgres_database: str) -> None:
    with Store.open(shared_server().url(postgres_database)) as store:
        add(store)
        shared_server().empty_database(postgres_database)  # ends every connection
        assert store.backlog.counts()
        add(store)


def test_timestamps_are_utc_to_the_microsecond_whatever_zone_they_came_in(store: Store) -> None:
    moment = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with store.engine.connect() as connection:
        found = connection.execute(select(literal(moment, UtcDateTime))).scalar_one()
        with pytest.raises(Exception, match="without a time zone"):
            connection.execute(select(literal(moment.replace(tzinfo=None), UtcDateTime)))
    assert found == moment
    assert found.tzinfo is UTC


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store._database.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'x'"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    store.check()


def in_a_forked_child(work: Callable[[], object]) -> Callable[[], int]:
    """Begin `work` in a forked child. Returns what waits for the child's end: 0, or 1 for a StoreFault."""
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            work()
            os._exit(0)
        except StoreFault:
            os._exit(1)
        except BaseException:
            os._exit(2)
    return lambda: os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@FORKS
def test_on_postgresql_parent_and_forked_child_both_go_on_with_one_store(postgres_database: str) -> None:
    with Store.open(shared_server().url(postgres_database)) as store:
        before = add(store)
        count = sum(store.backlog.counts().values())
        ended = in_a_forked_child(lambda: [store.gradings.get(before.id), *(add(store) for _ in range(20))])
        for _ in range(20):
            add(store)
        assert ended() == 0
        assert sum(store.backlog.counts().values()) == count + 40


@FORKS
def test_on_sqlite_a_store_in_use_is_refused_in_a_forked_child_and_goes_on_in_the_parent(tmp_path: Path) -> None:
    """The child would believe in locks that it does not have."""
    with Store.open(f"sqlite:///{tmp_path}/a.db") as store:
        store.upgrade()
        assert in_a_forked_child(store.backlog.counts)() == 1
        with store._database.writing():
            ended = in_a_forked_child(lambda: add(store))
            assert ended() == 1
        add(store)


@FORKS
def test_on_sqlite_a_store_closed_before_the_fork_serves_parent_and_child(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/a.db") as store:
        store.upgrade()
        store.close()
        ended = in_a_forked_child(lambda: [add(store) for _ in range(20)])
        for _ in range(20):
            add(store)
        assert ended() == 0
        assert sum(store.backlog.counts().values()) == 40
