"""Bringing a database to this version's tables. The migrations are part of the package, so a wheel has them too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from store.engine import naming_faults
from store.errors import SchemaMismatch, StoreFault

#: Any number, as long as it stays the same: the name of the lock that migrating PostgreSQL processes wait for.
_ADVISORY_LOCK = 6_366_426_912


def upgrade(engine: Engine) -> None:
    """Make or bring up to date all tables, in one transaction. Processes that do so at the same time wait in line.

    Raises StoreFault when the database can't be reached or refuses, SchemaMismatch when a newer version made it.
    """
    with naming_faults(), _migrating(engine) as connection:
        found = _revision(connection)
        if found is not None and found not in _known():
            raise _newer(found)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None for one without tables."""
    with naming_faults(), engine.connect() as connection:
        return _revision(connection)


def head() -> str:
    """The revision that this version needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def check(engine: Engine) -> None:
    """Raise SchemaMismatch, with what to do, unless the database is at this version's revision."""
    found, needed = current(engine), head()
    if found == needed:
        return
    if found is not None and found not in _known():
        raise _newer(found)
    raise SchemaMismatch(
        f"the database is {'empty' if found is None else f'at revision {found}'}, this version needs {needed}",
        hint="run: mendbox db upgrade",
    )


def _newer(found: str) -> SchemaMismatch:
    return SchemaMismatch(
        f"the database is at revision {found}, which this version does not know: a newer Mendbox made it",
        hint="install that version, or use another database",
    )


def _config() -> Config:
    config = Config()
    # ConfigParser takes a lone % for a reference.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _known() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
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
