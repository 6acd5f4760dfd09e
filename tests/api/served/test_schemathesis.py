"""The served API against its own document: schemathesis with all checks and all phases, as an admin and signed in.

`FUZZ_EXAMPLES=200` runs longer; the usual number keeps it under a minute. A thread plays the worker, so that event
streams end.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from store.records import Role
from store.states import GradingState
from store.tables import GradingRow
from tests.api.conftest import Platform
from tests.api.sample import grade_of
from tests.api.served.live import ROOT, serving
from tests.api.test_openapi import OPERATIONS, REFUSED_THOUGH_VALID

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))
NO_QUOTAS = {
    f"MENDBOX_{name}": "0"
    for name in ("REQUESTS_PER_MINUTE", "ANONYMOUS_PER_MINUTE", "SIGN_INS_PER_ACCOUNT", "SIGN_INS_PER_ADDRESS")
}


@contextmanager
def _a_worker(platform: Platform) -> Iterator[None]:
    """Grades whatever is queued."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.05):
            with platform.store.engine.connect() as connection:
                waiting = select(GradingRow.id).where(GradingRow.state == GradingState.QUEUED)
                ids = list(connection.execute(waiting).scalars())
            for identity in ids:
                claim = platform.store.claims.take(identity, "worker-1")
                if claim is not None:
                    platform.store.claims.record_grade(claim, grade_of(claim))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _config(folder: Path, secrets: dict[str, str]) -> Path:
    # All checks are on unless it is said otherwise.
    lines = [f"seed = 1\n\n[generation]\nmax-examples = {EXAMPLES}\ndatabase = 'none'\n"]
    for name in sorted(REFUSED_THOUGH_VALID):
        lines.append(
            f"[[operations]]\ninclude-name = '{OPERATIONS[name]}'\nchecks.positive_data_acceptance.enabled = false\n"
        )
    # By the names of the document's security schemes, so that a check can also leave them out.
    lines += [f"[auth.openapi.{scheme}]\n{value}\n" for scheme, value in secrets.items()]
    path = folder / "schemathesis.toml"
    path.write_text("\n".join(lines))
    return path


def _run(url: str, folder: Path, secrets: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(_config(folder, secrets)), "run"),
        *(f"{url}/api/v1/openapi.json", "--phases", "examples,coverage,fuzzing,stateful"),
        *("--no-color", "--request-timeout", "30", *arguments),
    ]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environ)


@pytest.mark.parametrize("caller", ["admin", "session"])
def test_nothing_is_found_in_any_phase_by_any_check(platform: Platform, tmp_path: Path, caller: str) -> None:
    platform.graded(Role.ADMIN)
    if caller == "admin":
        secrets = {"token": f"bearer = '{platform.tokens[Role.ADMIN].text}'"}
        more: list[str] = []
    else:
        signed = platform.sign_in(Role.ADMIN)
        secrets = {"session": f"api_key = '{signed.text}'", "csrf": f"api_key = '{signed.csrf}'"}
        # It would end the session that all others need; what it does is tested in test_sessions.py.
        more = ["--exclude-operation-id", "sign_out"]
    with serving(platform.settings, {**platform.environ, **NO_QUOTAS}) as server, _a_worker(platform):
        done = _run(server.url, tmp_path, secrets, *more)

    (tmp_path / "found.txt").write_text(done.stdout)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    for phase in ("Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in done.stdout, done.stdout[-6000:]
    assert re.search(r"\d{3,} generated, \d{3,} passed", done.stdout), done.stdout[-3000:]
