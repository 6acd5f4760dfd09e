"""Regrades for programs."""

from __future__ import annotations

import pytest

from store.records import AuditFilter, Role
from tests.api.conftest import Platform
from tests.api.invited import ASSESSMENT, invited
from tests.api.regraded import a_regrade
from tests.api.sample import SLUG, grade_of

WHY = {"reason": "a test was wrong"}


def test_a_regrade_from_its_beginning_to_its_end(platform: Platform) -> None:
    submission = platform.graded()
    begun = platform.post("/api/v1/regrades", Role.RECRUITER, json={"challenge": SLUG} | WHY)
    assert begun.status_code == 201
    where, made = begun.headers["Location"], begun.get_json()
    assert where == f"/api/v1/regrades/{made['id']}"
    assert (made["stage"], made["waiting"], made["preview"]) == ("preparing", 1, None)
    early = platform.post(f"{where}/apply", Role.RECRUITER, json=WHY)
    assert (early.status_code, early.get_json()["type"]) == (409, "urn:mendbox:problem:conflict")
    claim = platform.claim(platform.store.gradings.history(submission.id)[0])
    assert platform.store.claims.record_grade(claim, grade_of(claim).model_copy(update={"score": 100}))
    own = platform.get(f"/api/v1/submissions/{submission.id}", Role.CANDIDATE).get_json()
    assert (own["status"], own["attempt"], own["grade"]["score"]) == ("graded", 1, 50)
    ready = platform.get(where, Role.RECRUITER).get_json()
    token = platform.tokens[Role.CANDIDATE].record.id
    assert (ready["stage"], ready["graded"]) == ("ready", 1)
    assert ready["preview"] == {
        "up": 1,
        "down": 0,
        "changed": 1,
        "unchanged": 0,
        "candidates": [
            {
                "token_id": token,
                "before": 50,
                "after": 100,
                "total_before": 50,
                "total_after": 100,
                "pass_line": 100,
                "crossing": "up",
            }
        ],
    }
    (read, *_) = platform.store.audit.page(AuditFilter(action="grades.list")).items
    assert (read.deed.actor, read.deed.detail) == (platform.tokens[Role.RECRUITER].record.id, {"tokens": [token]})
    applied = platform.post(f"{where}/apply", Role.RECRUITER, json=WHY).get_json()
    assert (applied["stage"], applied["end_reason"]) == ("applied", "a test was wrong")
    own = platform.get(f"/api/v1/submissions/{submission.id}", Role.CANDIDATE).get_json()
    assert (own["attempt"], own["reason"], own["grade"]["score"]) == (2, "regrade", 100)
    assert platform.post(f"{where}/drop", Role.RECRUITER, json=WHY).status_code == 409


def test_what_failed_is_tried_again_and_the_rest_dropped(platform: Platform) -> None:
    where = f"/api/v1/regrades/{a_regrade(platform, fails=True)}"
    assert platform.get(where).get_json()["failed"] == 1
    again = platform.post(f"{where}/retry").get_json()
    assert (again["failed"], again["waiting"], again["stage"]) == (0, 1, "preparing")
    dropped = platform.post(f"{where}/drop", json=WHY).get_json()
    assert (dropped["stage"], dropped["waiting"], dropped["failed"]) == ("dropped", 0, 1)


def test_one_is_of_an_assessment_that_there_is(platform: Platform) -> None:
    source = platform.store.assessments.add(ASSESSMENT, author="rita").id
    platform.graded()
    body = {"challenge": SLUG, "assessment": source} | WHY
    nothing = platform.post("/api/v1/regrades", json=body)
    assert (nothing.status_code, "nothing that candidates sent" in nothing.get_json()["detail"]) == (409, True)
    invited(platform, source=source)
    assert platform.post("/api/v1/regrades", json=body | {"assessment": "no-such"}).status_code == 422
    assert platform.post("/api/v1/regrades", json=body | {"assessment": None}).get_json()["assessment"] is None


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, None, 3])
def test_a_reason_is_asked_for(platform: Platform, reason: object) -> None:
    platform.graded()
    assert platform.post("/api/v1/regrades", json={"challenge": SLUG, "reason": reason}).status_code == 422
    where = f"/api/v1/regrades/{a_regrade(platform)}"
    for deed in ("apply", "drop"):
        assert platform.post(f"{where}/{deed}", json={"reason": reason}).status_code == 422


def test_there_is_none_of_a_challenge_or_an_id_that_is_not_there(platform: Platform) -> None:
    unknown = platform.post("/api/v1/regrades", json={"challenge": "no-such"} | WHY)
    assert unknown.get_json()["type"] == "urn:mendbox:problem:challenge-unknown"
    for nothing in ("0" * 32, "x"):
        assert platform.get(f"/api/v1/regrades/{nothing}").status_code == 404
        assert platform.post(f"/api/v1/regrades/{nothing}/drop", json=WHY).status_code == 404
