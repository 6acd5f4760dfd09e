"""The Python in the pages runs: hidden tests against the sample app, built by the page's own harness, in one pair.

Those that ask for `database`, and those about `redis_server`, are run against an app that has one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from runner.grading.report import Work
from runner.limits import Limits
from runner.sandbox.engine import Engine
from tests.docs.pages import Block, pages
from tests.support.sandboxes import ENTRY, sample_tree, settings_under_test, started

#: docs/authoring.md has a challenge of its own: see test_authoring.py. What is in docs/clients.md is run by
#: tests/api/served/test_clients.py, and that of docs/webhooks.md where they are sent.
ELSEWHERE = {"authoring.md", "clients.md", "webhooks.md"}
BLOCKS = [
    block for page in pages() if page.path.name not in ELSEWHERE for block in page.blocks if block.language == "python"
]
HARNESSES = [block for block in BLOCKS if "def build(" in block.text]
SUITES = [block for block in BLOCKS if "def test_" in block.text]
OF_DATABASE = [block for block in SUITES if re.search(r"def test_\w+\([^)]*\bdatabase\b", block.text)]
#: Whole blocks: one of their tests may ask for the server, and another for what follows from it.
OF_REDIS = [block for block in SUITES if re.search(r"def test_\w+\([^)]*\bredis_server\b", block.text)]
CARTS = Path(__file__).parents[1] / "sandbox" / "carts_app"
BANK = Path(__file__).parents[1] / "sandbox" / "bank_app"


def as_files(blocks: list[Block]) -> dict[str, bytes]:
    return {f"test_block_{number}.py": block.text.encode() for number, block in enumerate(blocks)}


def test_every_python_block_is_a_harness_or_hidden_tests() -> None:
    assert len(HARNESSES) == 1
    assert len(SUITES) > 5
    assert {block.place for block in BLOCKS} == {block.place for block in [*HARNESSES, *SUITES]}


SHOP_WORK = Work(
    tree=sample_tree(),
    harness=HARNESSES[0].text.encode(),
    hidden=as_files([block for block in SUITES if block not in [*OF_DATABASE, *OF_REDIS]]),
    entry=ENTRY,
    limits=Limits(request_s=10.0, test_s=20.0, app_start_s=30.0),
    seed=1,
)
BANK_WORK = replace(
    SHOP_WORK,
    tree={"bank/__init__.py": (BANK / "bank" / "__init__.py").read_bytes()},
    harness=(BANK / "harness.py").read_bytes(),
    hidden=as_files(OF_DATABASE),
    entry="bank:create_app",
    services=("postgres",),
)
CARTS_WORK = replace(
    SHOP_WORK,
    tree={"carts/__init__.py": (CARTS / "carts" / "__init__.py").read_bytes()},
    harness=(CARTS / "harness.py").read_bytes(),
    hidden=as_files(OF_REDIS),
    entry="carts:create_app",
    services=("redis",),
)


@pytest.mark.parametrize(
    ("work", "least"), [(SHOP_WORK, 15), (BANK_WORK, 2), (CARTS_WORK, 3)], ids=["shop", "bank", "carts"]
)
def test_the_hidden_tests_in_the_pages_pass_as_they_stand(work: Work, least: int) -> None:
    engine = Engine(60.0)
    try:
        with started(engine, replace(settings_under_test(engine), warm_pairs=0)) as sandbox:
            report = sandbox.run(work, lambda kind, data: None)
    finally:
        engine.close()
    failing = {test.id: (test.message, test.detail) for test in report.tests if test.status.value != "passed"}
    assert not failing
    assert len(report.tests) == len(report.collected) >= least
