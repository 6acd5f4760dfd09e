"""A real Redis-compatible server for tests, each its own, started in about a tenth of a second.

Import the fixture `valkey` and connect to `valkey.url`; `stop`, `start`, `restart` and `kill` keep its data.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from mendbox.embedded_redis import EmbeddedRedis


class TestServer(EmbeddedRedis):
    """A server that a test may end as it likes and start again on the same data."""

    __test__ = False

    def restart(self) -> None:
        """An orderly restart."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """End it with SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)
        self.stop()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[TestServer]:
    """A server of this test's own."""
    server = TestServer(tmp_path / "valkey-home")
    server.start()
    try:
        yield server
    finally:
        server.stop()
