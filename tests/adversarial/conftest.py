"""A target and two warm sandboxes for all attacks of a process: the attacker's, and an honest neighbour's."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from runner.sandbox.engine import Engine
from runner.sandbox.image import ensure_image
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.settings import SandboxSettings
from store.settings import Settings
from tests.adversarial.target import Target, make_target
from tests.adversarial.trial import Trial


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    engine = Engine(60.0)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def settings(engine: Engine) -> SandboxSettings:
    """With the runtime under test: MENDBOX_RUNTIME, else the engine's own."""
    image = ensure_image(engine.client, progress=print).tag
    return SandboxSettings(image=image, runtime=Settings.from_env(os.environ).runtime, warm_pairs=1)


@pytest.fixture(scope="session")
def neighbour(engine: Engine, settings: SandboxSettings) -> Iterator[DockerSandbox]:
    sandbox = DockerSandbox(engine, settings)
    sandbox.start()
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory, neighbour: DockerSandbox) -> Target:
    return make_target(tmp_path_factory.mktemp("target"), neighbour)


@pytest.fixture(scope="session")
def trial(engine: Engine, settings: SandboxSettings, neighbour: DockerSandbox, target: Target) -> Iterator[Trial]:
    sandbox = DockerSandbox(engine, settings)
    sandbox.start()
    yield Trial(target, settings, sandbox, neighbour)
    sandbox.close()
