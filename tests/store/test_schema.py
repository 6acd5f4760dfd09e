"""Migrations: they make what the models say, once, on both databases, from wherever the package is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from store import schema
from store.errors import SchemaMismatch, StoreFault
from store.store import Store
from store.tables import Base
from tests.store import processes
from tests.store.examples import add, claimed, make_grade, make_test

ROOT = Path(__file__).parents[2]


def test_an_empty_database_is_brought_to_this_version_and_again_is_no_change(empty_url: str) -> None:
    with Store.open(empty_url) as store:
        assert schema.current(store.engine) is None
        store.upgrade()
        assert schema.current(store.engine) == schema.HEAD
        grading = add(store)
        store.upgrade()
        store.check()
        assert store.gradings.get(grading.id) == grading


def test_a_database_of_every_version_before_is_brought_up_with_what_it_holds(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(empty_url) as store:
        monkeypatch.setattr(schema, "HEAD", "r0001")
        store.upgrade()
        grading = add(store)
        monkeypatch.undo()
        with pytest.raises(SchemaMismatch, match="at revision r0001, this version needs"):
            store.check()
        store.upgrade()
        store.check()
        assert store.gradings.get(grading.id) == grading


def test_every_step_down_is_one_that_can_be_taken_and_the_last_leaves_nothing(empty_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "store" / "migrations"))
    with Store.open(empty_url) as store:
        store.upgrade()
        claim = claimed(store, add(store).id)
        assert store.claims.record_grade(claim, make_grade(claim, [make_test()]))
        for number in range(int(schema.HEAD[1:]) - 1, -1, -1):
            with schema.migrating(store.engine) as connection:
                config.attributes["connection"] = connection
                command.downgrade(config, "-1")
            assert schema.current(store.engine) == (f"r{number:04}" if number else None)
        assert inspect(store.engine).get_table_names() == ["alembic_version"]
        store.upgrade()
        store.check()
        assert store.gradings.get(add(store).id)


def test_the_last_migration_is_the_one_that_this_version_needs() -> None:
    scripts = ScriptDirectory(str(ROOT / "store" / "migrations"))
    assert scripts.get_heads() == [schema.HEAD]
    assert [script.revision for script in scripts.walk_revisions()] == [
        f"r{number:04}" for number in range(int(schema.HEAD[1:]), 0, -1)
    ]


def test_looking_whether_the_tables_fit_does_not_import_alembic(tmp_path: Path) -> None:
    code = (
        "import sys; from store.store import Store; from store.errors import SchemaMismatch\n"
        "s = Store.open(sys.argv[1])\n"
        "try: s.check()\nexcept SchemaMismatch: print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, f"sqlite:///{tmp_path}/a.db"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "False\n"


def test_the_migrations_make_exactly_the_tables_of_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_constraints_of_the_models_are_in_the_database(store: Store) -> None:
    """Comparing metadata leaves CHECK out, so each is tried."""
    grading = add(store)
    for change in ("state = 'done'", "reason = 'x'", "state = 'graded'", "state = 'running'", "grade = '{}'"):
        with pytest.raises(Exception, match=r"(?i)check"), store.engine.begin() as connection:
            connection.execute(text(f"UPDATE gradings SET {change} WHERE id = :id"), {"id": grading.id})
    with pytest.raises(Exception, match=r"(?i)foreign key"), store.engine.begin() as connection:
        connection.execute(text("DELETE FROM submissions"))


def test_a_database_without_tables_is_refused_with_what_to_do(empty_url: str) -> None:
    with Store.open(empty_url) as store:
        for call in (store.check, store.backlog.counts, lambda: add(store)):
            with pytest.raises(SchemaMismatch) as caught:
                call()
            assert caught.value.hint == "run: mendbox db upgrade"


def test_a_database_of_a_newer_version_is_left_alone(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    for call in (store.check, store.upgrade):
        with pytest.raises(SchemaMismatch, match="r9999, which this version does not know: a newer Mendbox"):
            call()
    assert schema.current(store.engine) == "r9999"
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": schema.HEAD})


def test_a_failed_migration_changes_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("in mid-migration")

    with Store.open(empty_url) as store:
        monkeypatch.setattr("alembic.op.create_index", fail)
        with pytest.raises(RuntimeError, match="in mid-migration"):
            store.upgrade()
        monkeypatch.undo()
        assert schema.current(store.engine) is None
        store.upgrade()
        store.check()


def test_processes_that_upgrade_at_the_same_time_wait_for_each_other(empty_url: str) -> None:
    workers = [processes.Process(processes.upgrade, empty_url) for _ in range(4)]
    assert [worker.join() for worker in workers] == [0, 0, 0, 0]
    with Store.open(empty_url) as store:
        store.check()


def test_threads_may_upgrade_databases_of_their_own_at_the_same_time(tmp_path: Path) -> None:
    """Alembic keeps what it works on in globals of its modules."""
    barrier = threading.Barrier(4)

    def upgrade(number: int) -> None:
        barrier.wait()
        with Store.open(f"sqlite:///{tmp_path}/{number}.db") as store:
            store.upgrade()
            store.check()
            add(store)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, range(4)))


def test_the_package_makes_the_tables_wherever_it_is_installed(tmp_path: Path) -> None:
    """Even in a folder with a % in its name, which a configuration file would take for a reference."""
    place = tmp_path / "100%(here)s"
    for package in ("store", "runner"):
        shutil.copytree(ROOT / package, place / package)
    code = (
        "import store, sys; from store.store import Store; store = Store.open(sys.argv[1]); store.upgrade()\n"
        "store.check(); print(sys.modules['store'].__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, f"sqlite:///{tmp_path}/a.db"],
        env={**os.environ, "PYTHONPATH": str(place)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(place / "store" / "__init__.py")


def test_altering_a_table_on_sqlite_keeps_the_rows_that_point_to_it(tmp_path: Path) -> None:
    """SQLite makes a table anew to alter it; with foreign keys on, dropping the old one fails or takes rows along."""
    with Store.open(f"sqlite:///{tmp_path}/a.db") as store:
        store.upgrade()
        grading = add(store)
        with schema.migrating(store.engine) as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("submissions", recreate="always") as table:
                table.alter_column("challenge", nullable=True)
        assert store.gradings.get(grading.id) == grading
        assert store.submissions.get(grading.submission_id)
        with store.engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_a_migration_on_sqlite_that_leaves_rows_pointing_to_nothing_is_undone(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/a.db") as store:
        store.upgrade()
        grading = add(store)
        with pytest.raises(StoreFault, match="rows would point to nothing"):  # noqa: SIM117
            with schema.migrating(store.engine) as connection:
                connection.execute(text("DELETE FROM submissions"))
        assert store.submissions.get(grading.submission_id)


def test_what_erases_a_candidate_knows_all_tables_of_its_revision(empty_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "store" / "migrations"))
    with Store.open(empty_url) as store:
        if store.engine.dialect.name == "sqlite":
            return  # there the store deletes by itself
        for revision, knows in (("r0012", False), ("r0018", True), ("r0017", False), ("r0018", True)):
            with schema.migrating(store.engine) as connection:
                config.attributes["connection"] = connection
                move = command.downgrade if revision == "r0017" else command.upgrade
                move(config, revision)
            with store.engine.connect() as connection:
                query = text("SELECT prosrc FROM pg_proc WHERE proname = 'mendbox_erase'")
                assert ("line_comments" in connection.execute(query).scalar_one()) is knows, revision
