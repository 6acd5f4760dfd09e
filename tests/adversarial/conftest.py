"""A target and two warm sandboxes for all attacks of a process: the attacker's, and an honest neighbour's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runner.sandbox.engine import Engine
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.settings import SandboxSettings
from tests.adversarial.target import Target, make_target
from tests.adversarial.trial import Trial
from tests.support.sandboxes import settings_under_test, started


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    engine = Engine(60.0)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def settings(engine: Engine) -> SandboxSettings:
    return settings_under_test(engine)


@pytest.fixture(scope="session")
def neighbour(engine: Engine, settings: SandboxSettings) -> Iterator[DockerSandbox]:
    with started(engine, settings) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory, neighbour: DockerSandbox, gvisor: bool) -> Target:
    return make_target(tmp_path_factory.mktemp("target"), neighbour, gvisor=gvisor)


@pytest.fixture(scope="session")
def gvisor(engine: Engine, settings: SandboxSettings) -> bool:
    """Whether the runtime under test is gVisor's."""
    return engine.is_gvisor(settings.runtime)


@pytest.fixture(scope="session")
def trial(
    engine: Engine, settings: SandboxSettings, neighbour: DockerSandbox, target: Target, gvisor: bool
) -> Iterator[Trial]:
    with started(engine, settings) as sandbox:
        yield Trial(target, settings, sandbox, neighbour, gvisor)
