"""Progress while Redis stands still, on a real server that is stopped and let go on."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from store.progress import FIRST_SILENCE_S, GradingProgress, Progress
from store.queue import connect
from store.settings import Settings
from tests.support.valkey import TestServer, valkey  # noqa: F401 -- a fixture

GRADING = "a" * 32


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def standing_still(server: TestServer) -> Iterator[None]:
    """The server answers nothing meanwhile: as one does whose disk is busy, or whose machine is."""
    os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


class Watched:
    """One grading's progress: how it is written and what a reader finds."""

    def __init__(self, server: TestServer) -> None:
        self.clock = Clock()
        self._reader = Progress(connect(server.url, blocking=True), Settings())
        self._redis = connect(server.url, call_timeout_s=0.2)
        self.progress = GradingProgress(self._redis, self._reader.key(GRADING), self.clock)

    def test_ended(self, number: int) -> None:
        self.progress.publish("test", {"n": number})

    def read(self) -> list[object]:
        return [event.data.get("n", event.kind) for event in self._reader.read(GRADING)]


@pytest.fixture
def watched(valkey: TestServer) -> Watched:  # noqa: F811
    return Watched(valkey)


def warnings(caplog: pytest.LogCaptureFixture) -> int:
    return len([record for record in caplog.records if record.levelno == logging.WARNING])


def test_it_comes_back_after_a_timeout(watched: Watched, valkey: TestServer, caplog: pytest.LogCaptureFixture) -> None:  # noqa: F811
    watched.test_ended(1)
    with standing_still(valkey):
        watched.test_ended(2)
    watched.test_ended(3)  # within the pause: not tried
    watched.clock.now += FIRST_SILENCE_S
    watched.test_ended(4)
    # The second was sent before it was given up; whether the server took it is the server's business.
    assert [number for number in watched.read() if number != 2] == [1, 4]
    assert warnings(caplog) == 1


def test_a_redis_that_stays_away_is_asked_ever_less_often(
    watched: Watched,
    valkey: TestServer,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "store.progress")
    valkey.stop()
    for number in range(60):
        watched.test_ended(number)
        watched.clock.now += FIRST_SILENCE_S / 2
    # At 0, 1, 3, 7 and 15 times the first pause; told once.
    assert len([record for record in caplog.records if record.name == "store.progress"]) == 5
    assert warnings(caplog) == 1
    valkey.start()
    watched.clock.now += 1000
    watched.test_ended(60)
    assert watched.read() == [60]


def test_the_end_is_told_even_within_a_pause(watched: Watched, valkey: TestServer) -> None:  # noqa: F811
    valkey.stop()
    watched.test_ended(1)
    valkey.start()
    watched.test_ended(2)
    watched.progress.publish("graded", {})
    assert watched.read() == ["graded"]
