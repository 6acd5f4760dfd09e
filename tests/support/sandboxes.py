"""Sandboxes on the real engine, and the sample app that tests run in them."""

from __future__ import annotations

import itertools
import os
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from runner.grading.report import Observer, RunReport, Sandbox, TestReport, Work
from runner.inside.order import place
from runner.limits import Limits
from runner.sandbox.engine import Engine
from runner.sandbox.image import ensure_images
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.settings import SandboxSettings
from runner.surroundings import HERE_AND_NOW, Surroundings
from store.settings import Settings

SAMPLE = Path(__file__).parent.parent / "sandbox" / "sample_app"
ENTRY = "shop:create_app"


def sample_tree() -> dict[str, bytes]:
    """The sample app's files, as a submission's tree."""
    return {"shop/__init__.py": (SAMPLE / "shop" / "__init__.py").read_bytes()}


@dataclass(frozen=True)
class Run:
    """Runs hidden suites, given as text, against the sample app or a variation of it."""

    sandbox: Sandbox
    limits: Limits = field(default_factory=Limits)
    seed: int = 7
    surroundings: Surroundings = HERE_AND_NOW

    def __call__(
        self, suite: str, *, tree: Mapping[str, bytes] | None = None, observe: Observer = lambda kind, data: None
    ) -> RunReport:
        return self.files({"test_suite.py": suite}, tree=tree, observe=observe)

    def files(
        self,
        hidden: Mapping[str, str],
        *,
        tree: Mapping[str, bytes] | None = None,
        observe: Observer = lambda kind, data: None,
    ) -> RunReport:
        work = Work(
            tree=sample_tree() if tree is None else tree,
            harness=(SAMPLE / "harness.py").read_bytes(),
            hidden={path: textwrap.dedent(text).encode() for path, text in hidden.items()},
            entry=ENTRY,
            limits=self.limits,
            seed=self.seed,
            surroundings=self.surroundings,
        )
        return self.sandbox.run(work, observe)


def settings_under_test(engine: Engine) -> SandboxSettings:
    """One warm pair, with the runtime under test: MENDBOX_RUNTIME, else the engine's own. Builds a missing image."""
    image, server_images = ensure_images(engine.client, "", {}, progress=print)
    runtime = Settings.from_env(os.environ).runtime
    return SandboxSettings(image=image, server_images=server_images, runtime=runtime, warm_pairs=1)


@contextmanager
def started(engine: Engine, settings: SandboxSettings) -> Iterator[DockerSandbox]:
    """A sandbox that keeps its pairs warm, closed at the end."""
    sandbox = DockerSandbox(engine, settings)
    sandbox.start()
    try:
        yield sandbox
    finally:
        sandbox.close()


def in_order(run: Run, *names: str) -> Run:
    """The same with a seed under which the tests of a suite's one module run in this order."""

    def holds(seed: int) -> bool:
        places = [place(seed, "Function", f"test_suite.py::{name}") for name in names]
        return places == sorted(places)

    return replace(run, seed=next(filter(holds, itertools.count())))


def by_name(report: RunReport) -> dict[str, TestReport]:
    """Reports by the test's own name."""
    return {test.id.split("::")[-1]: test for test in report.tests}


def statuses(report: RunReport) -> dict[str, str]:
    """How each test ended, by its own name."""
    return {name: test.status.value for name, test in by_name(report).items()}
