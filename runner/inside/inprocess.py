"""A pytest plugin that runs a hidden suite the plain way: suite and app in one process, no container.

It is the baseline that `mendbox bench` measures against and the quickest loop for an author:

    MENDBOX_APP=starter MENDBOX_HARNESS=harness.py MENDBOX_ENTRY=shop:create_app \
        python -m pytest -p runner.inside.inprocess hidden/

Each test builds its app anew by the harness, as an ordinary Flask suite does. The candidate's modules are imported
once, so state kept in a module passes from test to test: grades come from the sandbox only. Data and order are those
of the seed in MENDBOX_SEED, 0 if there is none, as they are in a grading with that seed.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from runner.inside import fixtures
from runner.inside.backend import Answer, CallFailed, Request
from runner.inside.clocks import Clocks
from runner.inside.fixtures import *  # noqa: F403  pytest finds fixtures by name in the plugin's module
from runner.inside.harness import HarnessContext, build_app, call_target, load_harness
from runner.inside.order import shuffled
from runner.inside.statements import StatementLog
from runner.inside.testing import install as install_testing_module
from runner.inside.wsgi import run_wsgi

RESPONSE_BYTES = 4 * 1024 * 1024


class InProcess:
    """A `Backend` without processes: every handle is an app built in this very process."""

    def __init__(self, harness: ModuleType, entry: str, seed: int) -> None:
        self._harness = harness
        self._entry = entry
        self._seed = seed
        self._clocks = Clocks()
        self._log = StatementLog()
        self._apps: list[Callable[..., Any]] = []
        self._data_dir: Path | None = None
        self._capture: Callable[[], str] = str
        self._clocks.install()
        self._log.install()

    def open(self) -> int:
        self._data_dir = Path(tempfile.mkdtemp(prefix="mendbox-data-"))
        return self.instance()

    def instance(self) -> int:
        assert self._data_dir is not None
        self._apps.append(build_app(self._harness, HarnessContext(self._entry, self._data_dir, self._seed)))
        if hasattr(self._harness, "forked"):
            self._harness.forked(self._apps[-1])
        return len(self._apps) - 1

    def request(self, handle: int, request: Request) -> Answer:
        return run_wsgi(self._apps[handle], request, most_bytes=RESPONSE_BYTES)

    def call(self, handle: int, target: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        try:
            return call_target(self._apps[handle], target, args, kwargs)
        except Exception as error:
            raise CallFailed(type(error).__name__, str(error)) from error

    def clock(self, *, advance_s: float, freeze: bool, at: float | None) -> float:
        return self._clocks.change(advance_s=advance_s, freeze=freeze, at=at)

    def statements(self, handle: int, since: int) -> tuple[int, list[str]]:
        return self._log.since(since)

    def database(self, session: int, sql: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
        raise pytest.UsageError("the challenge's own PostgreSQL is there in the sandbox alone: `mendbox grade`")

    def redis(self, parts: Sequence[str], db: int) -> Any:
        raise pytest.UsageError("the challenge's own Redis is there in the sandbox alone: `mendbox grade`")

    def logs(self, handle: int) -> str:
        return self._capture()

    def close(self) -> None:
        self._clocks.reset()
        self._apps.clear()
        if self._data_dir is not None:
            shutil.rmtree(self._data_dir, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Read where the app is from the environment and make the backend, before a conftest asks for the harness."""
    config = early_config
    install_testing_module()
    config.addinivalue_line("markers", "requirement(id, message): the requirement of the brief that a test shows")
    sys.path.insert(0, os.environ["MENDBOX_APP"])
    harness = load_harness(Path(os.environ["MENDBOX_HARNESS"]))
    config.stash[fixtures.SEED] = int(os.environ.get("MENDBOX_SEED", "0"))
    random.seed(f"{config.stash[fixtures.SEED]}")
    config.stash[fixtures.BACKEND] = InProcess(harness, os.environ["MENDBOX_ENTRY"], config.stash[fixtures.SEED])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle the tests as a grading does."""
    items[:] = shuffled(items, config.stash[fixtures.SEED])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Seed the `random` module as a grading does."""
    random.seed(f"{item.config.stash[fixtures.SEED]}:{item.nodeid}")


@pytest.fixture(autouse=True)
def _captured_output(request: pytest.FixtureRequest) -> Iterator[None]:
    backend = request.config.stash[fixtures.BACKEND]
    assert isinstance(backend, InProcess)
    capture = request.config.pluginmanager.getplugin("capturemanager")
    seen: list[str] = []

    def read() -> str:
        if capture is not None:
            out, err = capture.read_global_capture()
            seen.append(out + err)
        return "".join(seen)

    backend._capture = read
    yield
