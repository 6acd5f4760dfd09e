"""A real sandbox, and a package that is right in everything."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from mendbox.sandboxes import open_sandbox
from runner.grading.report import Sandbox
from runner.packages.package import ChallengePackage
from store.settings import Settings
from tests.packages.samples import GOOD, parsed


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(Settings.from_env(os.environ), print, warm_pairs=2) as opened:
        yield opened


@pytest.fixture(scope="session")
def package() -> ChallengePackage:
    made, problems = parsed({path: data for path, data in GOOD.items() if path != "inventory.json"})
    assert made is not None
    assert problems == []
    return made
