"""Every test of the store that asks for `store` or `url` runs on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.store import Store
from tests.support.postgres import postgres_server, shared_server  # noqa: F401 -- a fixture


class Clock:
    """A store's clock that moves only when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 12, 0, 0, 123456, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    name = shared_server().create_database()
    yield shared_server().url(name)
    shared_server().drop_database(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "mendbox.db"
    with Store.open(f"sqlite:///{path}") as store:
        store.upgrade()
    return path


@pytest.fixture(scope="session")
def postgres_database() -> str:
    name = shared_server().create_database()
    with Store.open(shared_server().url(name)) as store:
        store.upgrade()
    return name


@pytest.fixture
def url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty database with this version's tables."""
    if backend == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "mendbox.db")
        return f"sqlite:///{tmp_path}/mendbox.db"
    name = request.getfixturevalue("postgres_database")
    shared_server().empty_database(name)
    return shared_server().url(name)


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    with Store.open(url, clock=clock) as opened:
        yield opened
