"""What holds for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.support.browsers import browser  # noqa: F401 -- a fixture
from tests.support.library import LIBRARY, WISH, proving_challenges

# How long an example takes, or is drawn for, says something of the machine alone.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")


def pytest_report_header() -> str:
    """Which challenges run whole in this run, so that another can be made of the same ones."""
    names = [folder.name for folder in proving_challenges()]
    return f"challenges that prove themselves by running: {', '.join(names)} ({WISH}=all: each in {LIBRARY.name}/)"
