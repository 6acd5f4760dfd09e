"""Two small challenges with a canary in everything that must never leave a package, and grades of them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from runner.grading.models import (
    Environment,
    Grade,
    GradedChallenge,
    GradedRequirement,
    GradedSubmission,
    GradedTest,
    Integrity,
    IntegrityFact,
    Receipt,
    RequirementStatus,
    SeenBy,
    Timing,
    Verdict,
)
from runner.grading.report import Outcome, TestStatus
from runner.packages.inventory import TestKind
from store.records import Claim

SLUG = "greeter"
OTHER = "counter"
#: Stands in the parts of a package that never leave: hidden tests, fixes, mistakes, notes, the harness.
CANARY = "CANARYb7e1"
#: Stands in the parts of a grade that are for assessors.
ASSESSORS_ONLY = "ASSESSORSc3d9"
STARTER = {
    "app.py": b"from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n",
    "README.md": b"# Greeter\n",
    "tests/test_visible.py": b"def test_it():\n    assert True\n",
}
FIXED = b"from flask import Flask\n\n\ndef create_app():\n    app = Flask(__name__)\n    return app\n"
PATCH = b"""diff --git a/app.py b/app.py
--- a/app.py
+++ b/app.py
@@ -2,4 +2,5 @@


 def create_app():
-    return Flask(__name__)
+    app = Flask(__name__)
+    return app
"""

_MANIFEST = """\
format = 1
title = "A greeter that greets nobody"
version = "1.2.0"
level = "junior"
area = "practical"
minutes = 20
summary = "GET / should greet."
editable = ["*.py"]

[app]
entry = "app:create_app"

[[requirements]]
id = "R1"
title = "It greets"
points = 100
message = "GET / does not greet."
"""


def write_challenge(folder: Path) -> None:
    """Write a package as an author would."""
    hidden = (
        "from mendbox.testing import requirement\n\n\n"
        f'@requirement("R1")\ndef test_{CANARY}(client):\n    assert client.get("/").status_code == 200\n'
    )
    files: dict[str, bytes] = {
        "challenge.toml": _MANIFEST.encode(),
        "brief.md": b"# Greeter\n\nR1: `GET /` answers 200.\n",
        "notes.md": f"The cause is {CANARY}.\n".encode(),
        "harness.py": f"# {CANARY}\ndef build(load):\n    return load()\n".encode(),
        f"hidden/test_{CANARY}.py": hidden.encode(),
        "fixes/plain/app.py": f"# {CANARY}\n".encode() + FIXED,
        "mistakes/wrong/app.py": f"# {CANARY} wrong\n".encode() + FIXED,
        "mistakes/wrong/mistake.toml": f'summary = "{CANARY}"\nmust_fail = ["test_{CANARY}.py::test_it"]\n'.encode(),
        **{f"starter/{path}": data for path, data in STARTER.items()},
    }
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def zipped(files: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """The files as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


FIX_ZIP = zipped({"app.py": FIXED})


def progress_of(status: str = "passed", number: int = 1) -> dict[str, object]:
    """What a worker publishes when a hidden test has ended."""
    return {
        "id": f"test_{ASSESSORS_ONLY}.py::test_{number}",
        "requirement": "R1",
        "status": status,
        "duration_s": 0.0123,
    }


def grade_of(claim: Claim) -> Grade:
    """A grade with a canary in everything that a candidate must not see."""
    tests = [
        GradedTest(
            id=f"test_{ASSESSORS_ONLY}.py::test_{number}",
            requirement="R1",
            kind=TestKind.FIX,
            status=status,
            duration_s=0.01234567,
            message=f"{ASSESSORS_ONLY} for one test",
            detail=f"assert {ASSESSORS_ONLY}",
            app_output=f"{ASSESSORS_ONLY} printed",
        )
        for number, status in enumerate([TestStatus.PASSED, TestStatus.FAILED], start=1)
    ]
    return Grade(
        challenge=GradedChallenge(slug=claim.challenge, version="1.2.0", digest=f"sha256:{ASSESSORS_ONLY}"),
        submission=GradedSubmission(digest=claim.submission_digest, files=["app.py"]),
        outcome=Outcome.COMPLETED,
        verdict=Verdict.PARTIAL,
        score=50,
        requirements=[
            GradedRequirement(
                id="R1",
                title="It greets",
                points=100,
                earned=50,
                status=RequirementStatus.PARTLY,
                message="GET / does not greet.",
            )
        ],
        tests=tests,
        timing=Timing(queued_s=0.0123, startup_s=0.1234, tests_s=0.2345, total_s=0.4567, warm=True),
        environment=Environment(
            image=f"sha256:{ASSESSORS_ONLY}",
            python="3.13.5",
            runtime=f"runc-{ASSESSORS_ONLY}",
            limits={"memory_mb": 256},
        ),
        receipt=Receipt(
            challenge=claim.challenge,
            challenge_digest=f"sha256:{ASSESSORS_ONLY}",
            submission_digest=claim.submission_digest,
            image=f"sha256:{ASSESSORS_ONLY}",
            seed=claim.seed,
            runtime="runc",
            versions={"flask": ASSESSORS_ONLY},
            score=50,
            verdict=Verdict.PARTIAL,
        ),
        facts={ASSESSORS_ONLY: 3},
        integrity=Integrity(
            facts=[IntegrityFact(kind="tried_paths", count=3, seen_by=SeenBy.APP, text=f"{ASSESSORS_ONLY} was tried.")]
        ),
    )


def as_text(data: object) -> str:
    """Anything as text to look for canaries in."""
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else json.dumps(data)
