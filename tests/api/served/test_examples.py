"""The examples of docs/api.md, run one after the other as a reader would."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.problems import PROBLEMS
from store.records import Role
from store.states import GradingState
from tests.api.conftest import Platform
from tests.api.invited import ASSESSMENT
from tests.api.partners import partner_key
from tests.api.sample import FIX_ZIP, PATCH, SLUG, grade_of
from tests.api.served.live import ROOT, WAIT_S, Server

DOCUMENT = (ROOT / "docs" / "api.md").read_text()


@contextmanager
def grade_what_comes(platform: Platform) -> Iterator[None]:
    """Grade all that is in the queue meanwhile, as a worker would."""
    ended = threading.Event()
    worker = threading.Thread(target=_grade, args=(platform, ended))
    worker.start()
    try:
        yield
    finally:
        ended.set()
        worker.join()


def _grade(platform: Platform, ended: threading.Event) -> None:
    while not ended.is_set():
        for item in platform.store.submissions.page().items:
            if item.grading.state is GradingState.QUEUED:
                claim = platform.claim(item.grading)
                platform.store.claims.record_grade(claim, grade_of(claim))
        time.sleep(0.05)


def test_every_example_of_the_document_works_as_it_stands(platform: Platform, server: Server, tmp_path: Path) -> None:
    examples = re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL)
    assert len(examples) >= 12
    platform.store.assessments.add(ASSESSMENT, author="somebody")
    (tmp_path / "fix.zip").write_bytes(FIX_ZIP)
    (tmp_path / "fix.patch").write_bytes(PATCH)
    with grade_what_comes(platform):
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", "\n".join(examples).replace("user-500", SLUG)],
            cwd=tmp_path,
            env={
                "PATH": platform.environ["PATH"],
                "MENDBOX_URL": server.url,
                "MENDBOX_TOKEN": platform.tokens[Role.ADMIN].text,
                "MENDBOX_KEY": partner_key(platform).text,
            },
            capture_output=True,
            text=True,
            timeout=WAIT_S,
            check=False,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "event: grade" in done.stdout
    assert (tmp_path / f"{SLUG}-starter.zip").is_file()


def test_every_problem_is_in_the_documents_table() -> None:
    table = DOCUMENT[DOCUMENT.index("## Errors") :]
    rows = {
        (int(row[1]), name)
        for row in re.finditer(r"^\| (\d+) \|(.*)$", table, re.M)
        for name in re.findall(r"`([a-z-]+)`", row[2])
    }

    assert {(status, name) for name, (status, _) in PROBLEMS.items()} <= rows


def test_the_documents_json_is_json() -> None:
    for example in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL):
        json.loads(example)
