"""The Python in the pages runs: hidden tests against the sample app, built by the page's own harness, in one pair."""

from __future__ import annotations

from runner.grading.report import Work
from runner.limits import Limits
from runner.sandbox.engine import Engine
from runner.sandbox.image import ensure_image
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.settings import SandboxSettings
from tests.docs.pages import Block, pages
from tests.support.sandboxes import ENTRY, sample_tree

BLOCKS = [block for page in pages() for block in page.blocks if block.language == "python"]
HARNESSES = [block for block in BLOCKS if "def build(" in block.text]
SUITES = [block for block in BLOCKS if "def test_" in block.text]


def as_files(blocks: list[Block]) -> dict[str, bytes]:
    return {f"test_block_{number}.py": block.text.encode() for number, block in enumerate(blocks)}


def test_every_python_block_is_a_harness_or_hidden_tests() -> None:
    assert len(HARNESSES) == 1
    assert len(SUITES) > 5
    assert {block.place for block in BLOCKS} == {block.place for block in [*HARNESSES, *SUITES]}


def test_the_hidden_tests_in_the_pages_pass_as_they_stand() -> None:
    engine = Engine(60.0)
    try:
        image = ensure_image(engine.client, progress=print).tag
        sandbox = DockerSandbox(engine, SandboxSettings(image=image, warm_pairs=0))
        try:
            report = sandbox.run(
                Work(
                    tree=sample_tree(),
                    harness=HARNESSES[0].text.encode(),
                    hidden=as_files(SUITES),
                    entry=ENTRY,
                    limits=Limits(request_s=10.0, test_s=20.0, app_start_s=30.0),
                    seed=1,
                ),
                lambda kind, data: None,
            )
        finally:
            sandbox.close()
    finally:
        engine.close()
    failing = {test.id: (test.message, test.detail) for test in report.tests if test.status.value != "passed"}
    assert not failing
    assert len(report.tests) == len(report.collected) > 15
