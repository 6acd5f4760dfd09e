"""Where a challenge with a server of its own can't be graded, that is said, and nothing else suffers."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace

import pytest

from runner.errors import ChallengeUnsuited
from runner.grading.service import grade_submission
from runner.packages.loader import load_package
from runner.sandbox.engine import Engine
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.settings import SandboxSettings
from runner.submissions.model import Submission
from tests.mendbox.cli import CHALLENGES
from tests.sandbox.test_database import bank
from tests.sandbox.test_redis import carts, work
from tests.support.runtimes import Differs
from tests.support.sandboxes import Run, started, statuses

HONEST = "def test_it(client):\n    assert client.get('/users/1').status_code == 200\n"
REFUSED = "postgres beside the app can't be had with the runtime .* a kernel of its own"


class OfGvisor(Engine):
    """The machine's engine, whose runtime is taken for gVisor's, as it is by its name."""

    def is_gvisor(self, runtime: str) -> bool:
        return True


def test_gvisor_grades_no_challenge_with_a_server_and_says_so(
    settings: SandboxSettings, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    with contextlib.closing(OfGvisor(60.0)) as engine, started(engine, settings) as sandbox:
        sandbox.expect([("postgres",)])
        told = [record.levelname for record in caplog.records if "postgres beside" in record.getMessage()]
        assert told == ["WARNING"]
        with pytest.raises(ChallengeUnsuited, match=REFUSED) as refused:
            bank(sandbox, HONEST)
        assert [(problem.file, problem.key) for problem in refused.value.problems] == [("challenge.toml", "services")]
        assert "MENDBOX_RUNTIME" in str(refused.value.hint)
        package = load_package(CHALLENGES / "n-plus-one")
        with pytest.raises(ChallengeUnsuited, match="can't be graded on this host") as refused:
            grade_submission(package, Submission({}), sandbox)
        assert "MENDBOX_RUNTIME" in str(refused.value.hint)
        assert statuses(Run(sandbox, run.limits)(HONEST)) == {"test_it": "passed"}


def test_nor_one_with_a_redis(settings: SandboxSettings) -> None:
    with contextlib.closing(OfGvisor(60.0)) as engine, started(engine, settings) as sandbox:
        with pytest.raises(ChallengeUnsuited, match="redis beside the app can't be had with the runtime"):
            carts(sandbox, HONEST)
        both = replace(work(HONEST), services=("postgres", "redis"))
        with pytest.raises(ChallengeUnsuited, match="postgres and redis beside the app"):
            sandbox.run(both, lambda kind, data: None)


def test_a_host_without_a_servers_image_leaves_its_challenges_to_others(
    engine: Engine, settings: SandboxSettings, run: Run, caplog: pytest.LogCaptureFixture, differs: Differs
) -> None:
    # What can't be had with any image is said first.
    why = REFUSED if differs("services") else "this host has no image"
    with started(engine, replace(settings, server_images={"postgres": ""})) as sandbox:
        sandbox.expect([("postgres",)])
        assert re.search(why, caplog.text)
        with pytest.raises(ChallengeUnsuited, match=why) as refused:
            bank(sandbox, HONEST)
        assert differs("services") or "MENDBOX_SANDBOX_POSTGRES_IMAGE" in str(refused.value.hint)
        assert statuses(Run(sandbox, run.limits)(HONEST)) == {"test_it": "passed"}


def test_a_challenge_with_a_server_is_graded_where_it_can_be(sandbox: DockerSandbox, differs: Differs) -> None:
    suite = "def test_it(client):\n    assert client.get('/accounts').status_code == 200\n"
    if differs("services"):
        with pytest.raises(ChallengeUnsuited, match=REFUSED):
            bank(sandbox, suite)
    else:
        assert statuses(bank(sandbox, suite)) == {"test_it": "passed"}
