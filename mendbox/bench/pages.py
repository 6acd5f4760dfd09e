"""How long pages take to be answered with many candidates in the database.

    python -m mendbox.bench.pages --candidates 10000

The candidates are made up: each is invited to one assessment, has begun, and has sent a fix or two to each of its
challenges, which have grades with tests. What is timed is the whole of the application, from the request to the last
byte, in one process and without a network: an assessor's or a candidate's page by turns, so that the machine's drift is
in all of them. SQLite in a folder of its own, a queue server of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from flask.testing import FlaskClient
from sqlalchemy import insert

from api.app import create_app
from mendbox.bench.stats import summary
from mendbox.embedded_redis import EmbeddedRedis
from runner.assessments.loader import load_assessment, manifests_in
from runner.assessments.model import Assessment
from runner.packages.manifest import Manifest
from runner.submissions.model import Submission
from store.assessment_tables import ExplanationRow
from store.content import encode
from store.invited import NewInvitation
from store.progress import Progress
from store.queue import GradingQueue, connect
from store.records import GradingReason, NewToken, Role, SourceKind
from store.settings import Settings
from store.states import GradingState
from store.store import Store
from store.tables import GradingRow, GradingTestRow, SubmissionRow

SOURCE = "mid-backend"
_PASSWORD = "made up, for a measurement"
_BATCH = 500
_TESTS = 20
_FIX = Submission({"app.py": b"x = 1\n"})


def main() -> int:
    """Fill a database, ask for each page, say how long it took."""
    parser = argparse.ArgumentParser(description="time the pages with many candidates in the database")
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="mendbox-pages-") as folder:
        home = Path(folder)
        with EmbeddedRedis(home) as redis:
            settings = Settings.from_env(
                {"MENDBOX_HOME": folder, "MENDBOX_REDIS_URL": redis.url, "MENDBOX_SECOND_FACTOR": "optional"}
            )
            report = _measured(settings, options.candidates, options.rounds)
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    return 0


def _measured(settings: Settings, candidates: int, rounds: int) -> dict[str, Any]:
    known = manifests_in(settings.challenges)
    assessment = load_assessment(settings.assessments / f"{SOURCE}.toml", known)
    with Store.open(settings.effective_database_url) as store:
        store.upgrade()
        began = time.monotonic()
        some, link, submission = _fill(store, assessment, known, candidates)
        filled_s = time.monotonic() - began
        client = connect(settings.redis_url)
        app = create_app(settings, store, GradingQueue(client, settings), Progress(client, settings))
        store.users.add("ada@example.org", Role.ADMIN, _PASSWORD)
        desk, work = app.test_client(), app.test_client()
        _must(desk.post("/sign-in", data={"account": "ada@example.org", "password": _PASSWORD}).status_code, 303)
        _must(work.post("/start", data={"code": link}).status_code, 303)
        slug = assessment.challenges[0].slug
        pages: list[tuple[FlaskClient, str]] = [
            *(
                (desk, path)
                for path in (
                    *("/submissions", f"/submissions/{submission}", "/challenges", f"/challenges/{slug}", "/people"),
                    *(f"/people/{some}", "/assessments", f"/assessments/{SOURCE}", f"/assessments/{SOURCE}/compare"),
                    *("/assessments/new", "/reviews", f"/people/{some}/review", "/workshop", f"/workshop/{slug}"),
                )
            ),
            *((work, path) for path in ("/work", f"/work/{slug}", f"/work/{slug}/editor", f"/work/{slug}/explanation")),
        ]
        times: dict[str, list[float]] = {path: [] for _, path in pages}
        for number in range(rounds + 1):
            for browser, path in pages:
                start = time.perf_counter()
                answer = browser.get(path)
                answer.get_data()
                taken = time.perf_counter() - start
                _must(answer.status_code, 200)
                if number:  # the first of each reads what is kept from then on
                    times[path].append(taken)
        client.close()
    named = {path.replace(some, "<id>").replace(submission, "<id>"): taken for path, taken in times.items()}
    return {
        "candidates": candidates,
        "filled_s": round(filled_s, 1),
        "seconds": {path: summary(taken) for path, taken in named.items()},
    }


def _must(status: int, wanted: int) -> None:
    if status != wanted:
        raise SystemExit(f"a page answered {status}, not {wanted}")


def _fill(store: Store, assessment: Assessment, known: Mapping[str, Manifest], candidates: int) -> tuple[str, str, str]:
    """One candidate's id, another's link, and a submission's id."""
    chance = random.Random(1)
    slugs = tuple(each.slug for each in assessment.challenges)
    areas = {slug: known[slug].area for slug in slugs}
    invitation = NewInvitation(SOURCE, assessment, areas, assessment.minutes_of(known))
    some = link = submission = ""
    for start in range(0, candidates, _BATCH):
        count = min(_BATCH, candidates - start)
        news = [
            NewToken(f"Candidate {start + number}", Role.CANDIDATE, slugs, f"R-{start + number}", invitation=invitation)
            for number in range(count)
        ]
        issued = store.tokens.create_all(news, actor="bench")
        for token in issued:
            store.invitations.begin(token.record.id)
        rows = list(_rows([token.record.id for token in issued], slugs, chance))
        with store.engine.begin() as connection:
            for table, values in _by_table(rows):
                connection.execute(insert(table), values)
        some, link = issued[0].record.id, issued[-1].text
        submission = next(row["id"] for table, row in rows if table is SubmissionRow)
    return some, link, submission


def _by_table(rows: Sequence[tuple[Any, dict[str, Any]]]) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    for table in (SubmissionRow, GradingRow, GradingTestRow, ExplanationRow):
        yield table, [row for each, row in rows if each is table]


def _rows(tokens: Sequence[str], slugs: Sequence[str], chance: random.Random) -> Iterator[tuple[Any, dict[str, Any]]]:
    content, now = encode(_FIX), datetime.now(UTC)
    for token in tokens:
        yield (
            ExplanationRow,
            {"token_id": token, "challenge": slugs[0], "cause": "a", "choice": "b", "outlook": "c", "changed_at": now},
        )
        for slug in slugs:
            for _ in range(chance.choice((1, 1, 2))):
                at = now - timedelta(minutes=chance.randrange(100_000))
                sent = uuid.uuid4().hex
                yield (
                    SubmissionRow,
                    {
                        "id": sent,
                        "challenge": slug,
                        "challenge_digest": "sha256:" + hashlib.sha256(slug.encode()).hexdigest(),
                        "variant": None,
                        "submission_digest": _FIX.digest,
                        "token_id": token,
                        "source": SourceKind.ARCHIVE,
                        "submitted_at": at,
                        "content": content,
                    },
                )
                yield from _graded(sent, at, chance)


def _graded(submission: str, at: datetime, chance: random.Random) -> Iterator[tuple[Any, dict[str, Any]]]:
    grading, passed = uuid.uuid4().hex, [chance.random() < 0.6 for _ in range(_TESTS)]
    met = [all(passed[number::4]) for number in range(4)]
    score = 25 * sum(met)
    verdict = "solved" if score == 100 else "partial" if score else "unsolved"
    yield (
        GradingRow,
        {
            "id": grading,
            "submission_id": submission,
            "attempt": 1,
            "reason": GradingReason.SUBMISSION,
            "state": GradingState.GRADED,
            "priority": 0,
            "seed": 1,
            "queued_at": at,
            "started_at": at + timedelta(seconds=1),
            "finished_at": at + timedelta(seconds=2),
            "worker": "made-up",
            "tries": 1,
            "last_event": 3,
            "score": score,
            "verdict": verdict,
            "outcome": "completed",
            "grade": _grade(submission, score, verdict, met),
        },
    )
    for position, has_passed in enumerate(passed):
        yield (
            GradingTestRow,
            {
                "grading_id": grading,
                "position": position,
                "test_id": f"test_made_up.py::test_{position}",
                "requirement": f"R{position % 4 + 1}",
                "kind": "fix",
                "status": "passed" if has_passed else "failed",
                "duration_s": 0.01,
                "message": None if has_passed else "It does not do what the brief says.",
                "detail": None,
                "app_output": None,
            },
        )


def _grade(submission: str, score: int, verdict: str, met: Sequence[bool]) -> dict[str, Any]:
    digest = "sha256:" + hashlib.sha256(submission.encode()).hexdigest()
    return {
        "challenge": {"slug": "made-up", "version": "1.0.0", "digest": digest},
        "submission": {"digest": _FIX.digest, "files": ["app.py"]},
        "outcome": "completed",
        "verdict": verdict,
        "score": score,
        "requirements": [
            {
                "id": f"R{number + 1}",
                "title": f"Requirement {number + 1}",
                "points": 25,
                "earned": 25 * is_met,
                "status": "met" if is_met else "unmet",
                "message": None if is_met else "It does not do what the brief says.",
            }
            for number, is_met in enumerate(met)
        ],
        "timing": {"queued_s": 1.0, "startup_s": 0.1, "tests_s": 0.5, "total_s": 1.6, "warm": True},
        "environment": {"image": digest, "python": "3.13", "runtime": "runc", "limits": {}},
        "receipt": {
            "challenge": "made-up",
            "challenge_digest": digest,
            "submission_digest": _FIX.digest,
            "image": digest,
            "seed": 1,
            "runtime": "runc",
            "versions": {},
            "score": score,
            "verdict": verdict,
        },
    }


if __name__ == "__main__":
    sys.exit(main())
