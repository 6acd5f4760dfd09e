"""One platform served by gunicorn for all tests here, emptied between them; starting a server takes seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import delete

from store.tables import GradingEventRow, GradingRow, GradingTestRow, IdempotencyKeyRow, SubmissionRow
from tests.api.conftest import Platform, a_platform
from tests.api.served.live import WAIT_S, Server, serving
from tests.support.valkey import TestServer


@pytest.fixture(scope="session")
def shared_platform(
    tmp_path_factory: pytest.TempPathFactory, redis_server: TestServer, templates: Path
) -> Iterator[Platform]:
    with a_platform(tmp_path_factory.mktemp("served"), redis_server, templates) as made:
        yield made


@pytest.fixture
def platform(shared_platform: Platform) -> Platform:
    """The shared platform without any submission."""
    with shared_platform.store.engine.begin() as connection:
        for table in (IdempotencyKeyRow, GradingEventRow, GradingTestRow, GradingRow, SubmissionRow):
            connection.execute(delete(table))
    return shared_platform


@pytest.fixture(scope="session")
def shared_server(shared_platform: Platform) -> Iterator[Server]:
    with serving(shared_platform.settings, dict(shared_platform.environ)) as running:
        yield running


@pytest.fixture
def server(shared_server: Server, platform: Platform) -> Server:
    """The shared server, with no event stream open."""
    deadline = time.monotonic() + WAIT_S
    while "mendbox_event_streams 0.0" not in requests.get(f"{shared_server.url}/metrics", timeout=WAIT_S).text:
        assert time.monotonic() < deadline, "a stream whose client has gone stays open"
        time.sleep(0.05)
    return shared_server


@pytest.fixture
def own_server(platform: Platform) -> Iterator[Server]:
    """A server that a test may end."""
    with serving(platform.settings, dict(platform.environ)) as running:
        yield running


@pytest.fixture(scope="session")
def impatient_server(shared_platform: Platform) -> Iterator[Server]:
    """A server with deadlines of a second."""
    environ = dict(shared_platform.environ)
    with serving(shared_platform.settings, environ, "tests.api.served.live.ImpatientWorker") as running:
        yield running
