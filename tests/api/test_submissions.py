"""Submitting, reading and regrading."""

from __future__ import annotations

import io

from store.records import Role
from tests.api.conftest import Platform
from tests.api.sample import FIX_ZIP, SLUG


def _archive(data: bytes = FIX_ZIP, name: str = "fix.zip") -> dict[str, object]:
    return {"challenge": SLUG, "archive": (io.BytesIO(data), name)}


def test_a_submission_is_stored_queued_and_answered_with_where_to_look(platform: Platform) -> None:
    answer = platform.submit(data=_archive())

    assert answer.status_code == 202, answer.text
    body = answer.get_json()
    assert answer.headers["Location"] == body["url"] == f"/api/v1/submissions/{body['id']}"
    assert body["events"] == body["url"] + "/events"
    assert body["status"] == "queued"
    assert list(platform.queue.queued()) == [body["grading_id"]]
    stored = platform.store.submissions.get(body["id"])
    assert stored.token_id == platform.tokens[Role.CANDIDATE].record.id
