"""A challenge's own Redis: what app and suite can do with it, and what no app can."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import PackageInvalid
from runner.grading.report import Outcome, RunReport, Work
from runner.limits import Limits
from runner.sandbox.pool import DockerSandbox
from tests.support.sandboxes import Run, by_name, in_order, statuses

CARTS = Path(__file__).parent / "carts_app"


def carts(sandbox: DockerSandbox, suite: str, *, seed: int = 7, limits: Limits | None = None) -> RunReport:
    return sandbox.run(work(suite, seed=seed, limits=limits), lambda kind, data: None)


def work(suite: str, *, seed: int = 7, limits: Limits | None = None) -> Work:
    return Work(
        tree={"carts/__init__.py": (CARTS / "carts" / "__init__.py").read_bytes()},
        harness=(CARTS / "harness.py").read_bytes(),
        hidden={"test_suite.py": textwrap.dedent(suite).encode()},
        entry="carts:create_app",
        limits=limits or Limits(),
        seed=seed,
        services=("redis",),
    )


def all_pass(report: RunReport) -> None:
    assert report.outcome is Outcome.COMPLETED, (report.outcome_message, report.start_output)
    failed = {test.id: (test.message, test.detail) for test in report.tests if test.status.value != "passed"}
    assert report.tests
    assert not failed


def test_every_test_starts_from_what_was_seeded(sandbox: DockerSandbox) -> None:
    all_pass(
        carts(
            sandbox,
            """
            import pytest

            @pytest.mark.parametrize("time", range(4))
            def test_cart(client, redis_server, time):
                assert client.get("/cart/ines").json == {}
                assert client.post("/cart/ines/apple").json == 1
                assert client.post("/cart/ines/plum").status_code == 404
                assert client.get("/cart/ines").json == {"apple": 1}
                assert redis_server.keys() == ["cart:ines", "code:old", "price:apple", "price:pear"]
                assert redis_server.keys(db=3) == ["elsewhere"]
                assert 590 < redis_server.command("TTL", "code:old") <= 600
                assert redis_server.command("FCALL", "twice", 0, 21) == 42
                redis_server.command("DEL", "code:old", "price:apple")
                redis_server.command("FUNCTION", "FLUSH")
                redis_server.command("SET", "left over", 1, db=5)
            """,
        )
    )
