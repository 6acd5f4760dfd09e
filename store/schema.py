"""Bringing a database to this version's tables. The migrations are part of the package, so a wheel has them too.

Revisions are numbered `rNNNN`, one after the other. Alembic is imported by `upgrade` alone: looking whether the tables
fit is what every process does when it starts, and the import takes longer than a grading.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table

from store.engine import naming_faults
from store.errors import SchemaMismatch, StoreFault

#: The revision that this version needs: the last of `store.migrations.versions`.
HEAD = "r0018"

#: Any number, as long as it stays the same: the name of the lock that migrating PostgreSQL processes wait for.
_ADVISORY_LOCK = 6_366_426_912
#: Alembic keeps what it works on in globals of its modules: threads must not migrate at the same time.
_ONE_AT_A_TIME = threading.Lock()
_VERSIONS = table("alembic_version", column("version_num"))


def upgrade(engine: Engine) -> None:
    """Make or bring up to date all tables, in one transaction. Processes that do so at the same time wait in line.

    Raises StoreFault when the database can't be reached or refuses, SchemaMismatch when a newer version made it.
    """
    if current(engine) == HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    # ConfigParser takes a lone % for a reference.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with _ONE_AT_A_TIME, naming_faults(), migrating(engine) as connection:
        found = _revision(connection)
        if found is not None and found > HEAD:
            raise _newer(found)
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None for one without tables."""
    with naming_faults(), engine.connect() as connection:
        return _revision(connection)


def check(engine: Engine) -> None:
    """Raise SchemaMismatch, with what to do, unless the database is at this version's revision."""
    found = current(engine)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise _newer(found)
    raise SchemaMismatch(
        f"the database is {'empty' if found is None else f'at revision {found}'}, this version needs {HEAD}",
        hint="run: mendbox db upgrade",
    )


def _newer(found: str) -> SchemaMismatch:
    return SchemaMismatch(
        f"the database is at revision {found}, which this version does not know: a newer Mendbox made it",
        hint="install that version, or use another database",
    )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(select(_VERSIONS.c.version_num)).scalar_one_or_none()
    return None if found is None else str(found)


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """A transaction in which tables may be made and altered, and nobody else does so."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
                yield connection
            return
        # Altering a table in SQLite is making it anew; with foreign keys on, dropping the old one would delete rows
        # that point to it. The switch does nothing inside a transaction; SQLAlchemy would begin one, so it goes around.
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise StoreFault(f"after the migration {len(broken)} rows would point to nothing: not migrated")
        finally:
            driver.execute("PRAGMA foreign_keys = ON")
            driver.close()
