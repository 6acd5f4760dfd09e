from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from parcels import create_app
from parcels.extensions import db
from parcels.seed import seed_demo


class Clock:
    """The time that the app sees; it stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1_780_000_020.0

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Shelf:
    """As much of a Redis as the limiter uses."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self._values.get(key)

    def set(self, key: str, value: int) -> None:
        self._values[key] = str(value).encode()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.time", lambda: clock.now)
    return clock


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    app = create_app(
        {
            "TESTING": True,
            "RATE_REDIS": Shelf(),
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'parcels.db'}",
            "RATE_LIMITS": {
                "lookup": {"basic": 5, "business": 50},
                "booking": {"basic": 2, "business": 50},
                "public": {"address": 4},
            },
        }
    )
    with app.app_context():
        db.create_all()
        seed_demo()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def nordwind() -> dict[str, str]:
    """Headers of a basic account."""
    return {"X-Api-Key": "demo-nordwind-1"}


@pytest.fixture
def kontor() -> dict[str, str]:
    """Headers of a business account."""
    return {"X-Api-Key": "demo-kontor-1"}
