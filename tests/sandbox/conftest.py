"""One warm sandbox for all tests of this folder, on the real engine. Where there is none, they fail.

What these tests say holds for any sandbox. Another container runtime is tried with `MENDBOX_RUNTIME=runsc pytest
tests/sandbox`; the engine must have it. Where gVisor does another thing than Linux, a test asks `differs` for it by the
name that it has in `runner.sandbox.runtimes.DIFFERENCES`, and says what is expected there. The tests of servers are
not collected on gVisor, which refuses what they are about; `test_services.py` holds it to that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from runner.limits import Limits
from runner.sandbox.engine import Engine
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.runtimes import DIFFERENCES, is_gvisor
from runner.sandbox.settings import SandboxSettings
from store.settings import Settings
from tests.support.runtimes import Differs, patient
from tests.support.sandboxes import Run, settings_under_test, started

collect_ignore = (
    ["test_database.py", "test_redis.py", "test_redis_pairs.py"]
    if is_gvisor(Settings.from_env(os.environ).runtime, "")
    else []
)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    engine = Engine(60.0)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def settings(engine: Engine) -> SandboxSettings:
    return settings_under_test(engine)


@pytest.fixture(scope="session")
def image(settings: SandboxSettings) -> str:
    return settings.image


@pytest.fixture(scope="session")
def sandbox(engine: Engine, settings: SandboxSettings) -> Iterator[DockerSandbox]:
    with started(engine, settings) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def gvisor(engine: Engine, settings: SandboxSettings) -> bool:
    """Whether the runtime under test is gVisor's."""
    return engine.is_gvisor(settings.runtime)


@pytest.fixture(scope="session")
def differs(gvisor: bool) -> Differs:
    """Whether the runtime under test differs in what is named so in DIFFERENCES."""

    def differs(name: str) -> bool:
        assert name in DIFFERENCES, name
        return gvisor

    return differs


@pytest.fixture
def run(sandbox: DockerSandbox, gvisor: bool) -> Run:
    return Run(sandbox, patient(Limits(request_s=10.0, test_s=20.0, app_start_s=30.0), gvisor=gvisor))


@pytest.fixture
def impatient(sandbox: DockerSandbox, gvisor: bool) -> Run:
    """The same with deadlines that a test can wait for."""
    return Run(sandbox, patient(Limits(request_s=2.0, test_s=8.0, app_start_s=4.0, grading_s=30.0), gvisor=gvisor))
