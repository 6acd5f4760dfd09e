"""A candidate's assessment over HTTP: nothing before they begin, nothing more when their time or attempts are used."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from store.records import IssuedToken, Role
from store.states import ClaimPolicy
from tests.api.conftest import Platform
from tests.api.invited import began, invited
from tests.api.sample import FIX_ZIP, OTHER, SLUG, grade_of

MINE = "/api/v1/me/assessment"
ONE = f"/api/v1/challenges/{SLUG}"


def _headers(token: IssuedToken) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.text}"}


def _get(platform: Platform, token: IssuedToken, path: str = MINE) -> TestResponse:
    return platform.client.get(path, headers=_headers(token))


def _begin(platform: Platform, token: IssuedToken) -> TestResponse:
    return platform.client.post(f"{MINE}/begin", headers=_headers(token), json={"agreed": True})


def _send(platform: Platform, token: IssuedToken, challenge: str = SLUG, **headers: str) -> TestResponse:
    data = {"challenge": challenge, "archive": (io.BytesIO(FIX_ZIP), "fix.zip")}
    return platform.client.post("/api/v1/submissions", headers=_headers(token) | headers, data=data)


def _name(answer: TestResponse) -> tuple[int, str]:
    body: dict[str, Any] = answer.get_json()
    return answer.status_code, str(body["type"]).rpartition(":")[2]


def test_before_they_begin_a_candidate_sees_what_there_is_and_no_brief(platform: Platform) -> None:
    token = invited(platform)
    mine = _get(platform, token).get_json()
    assert (mine["title"], mine["minutes"], mine["attempts"]) == ("Backend developer", 90, 2)
    assert mine["challenges"] == [{"slug": SLUG, "attempts_left": 2}, {"slug": OTHER, "attempts_left": 2}]
    assert (mine["began_at"], mine["seconds_left"], mine["ends_at"], mine["over"]) == (None, None, None, False)
    for refused in (_get(platform, token, ONE), _get(platform, token, f"{ONE}/starter.zip"), _send(platform, token)):
        assert _name(refused) == (403, "not-begun")
    assert "me/assessment/begin" in _get(platform, token, ONE).get_json()["hint"]
    assert len(_get(platform, token, "/api/v1/challenges").get_json()["challenges"]) == 2


def test_from_then_on_their_time_runs(platform: Platform) -> None:
    token = invited(platform)
    mine = _begin(platform, token).get_json()
    assert mine["began_at"] is not None
    assert 5390 <= mine["seconds_left"] <= 5400
    assert (mine["stands"], mine["over"]) == (False, False)
    assert _get(platform, token, ONE).status_code == 200
    assert _send(platform, token).status_code == 202
    # It waits in the queue, and the time with it.
    waiting = _get(platform, token).get_json()
    assert (waiting["stands"], waiting["ends_at"]) == (True, None)
    assert _begin(platform, token).get_json()["began_at"] == mine["began_at"]


def test_too_early_is_said(platform: Platform) -> None:
    token = invited(platform, opens_in=timedelta(hours=2))
    assert _name(_begin(platform, token)) == (409, "conflict")
    assert _get(platform, token).get_json()["began_at"] is None


def test_after_the_end_nothing_more_is_taken(platform: Platform) -> None:
    token = invited(platform)
    began(platform, token, ago=timedelta(minutes=89))
    first = _send(platform, token, **{"Idempotency-Key": "once-and-again"})
    assert first.status_code == 202
    grading = platform.store.gradings.latest(first.get_json()["id"])
    claim = platform.claim(grading)
    assert platform.store.claims.record_grade(claim, grade_of(claim))
    began(platform, token, ago=timedelta(minutes=100))
    assert _name(_send(platform, token)) == (403, "time-is-up")
    assert _get(platform, token).get_json()["over"] is True
    # The brief and what was sent may still be read, and the same request has the same answer.
    assert _get(platform, token, ONE).status_code == 200
    again = _send(platform, token, **{"Idempotency-Key": "once-and-again"})
    assert again.get_json()["id"] == first.get_json()["id"]
    platform.store.invitations.allow(token.record.id, 30, "a power cut", actor="rita")
    assert _send(platform, token).status_code == 202


def test_whoever_is_done_sends_nothing_more(platform: Platform) -> None:
    token = invited(platform)

    def finish(**body: object) -> TestResponse:
        return platform.client.post(f"{MINE}/done", headers=_headers(token), json=body)

    assert _name(finish(done=True)) == (403, "not-begun")
    began(platform, token, ago=timedelta(minutes=30))
    first = _send(platform, token, **{"Idempotency-Key": "once-and-again"})
    for body in ({}, {"done": False}):
        assert _name(finish(**body)) == (422, "invalid-request")
    mine = finish(done=True).get_json()
    assert (mine["over"], mine["done_at"] is not None) == (True, True)
    assert finish(done=True).get_json()["done_at"] == mine["done_at"]
    refused = _send(platform, token)
    assert _name(refused) == (403, "assessment-done")
    assert "let you go on" in refused.get_json()["hint"]
    assert _send(platform, token, **{"Idempotency-Key": "once-and-again"}).get_json()["id"] == first.get_json()["id"]
    # What was sent is graded and may be read, and so may the brief.
    claim = platform.claim(platform.store.gradings.latest(first.get_json()["id"]))
    assert platform.store.claims.record_grade(claim, grade_of(claim))
    assert _get(platform, token, f"/api/v1/submissions/{first.get_json()['id']}").get_json()["status"] == "graded"
    assert _get(platform, token, ONE).status_code == 200
    platform.store.invitations.reopen(token.record.id, "a mistake", actor="rita")
    again = _get(platform, token).get_json()
    assert (again["done_at"], again["over"]) == (None, False)
    assert _send(platform, token).status_code == 202


def test_whose_time_is_over_is_told_that_and_not_that_they_are_done(platform: Platform) -> None:
    token = invited(platform)
    began(platform, token, ago=timedelta(minutes=100))
    answer = platform.client.post(f"{MINE}/done", headers=_headers(token), json={"done": True})
    assert _name(answer) == (403, "time-is-up")
    assert _get(platform, token).get_json()["done_at"] is None


def test_a_challenge_takes_so_many_attempts(platform: Platform) -> None:
    token = invited(platform)
    _begin(platform, token)
    sent = [_send(platform, token) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [202, 202]
    refused = _send(platform, token)
    assert _name(refused) == (403, "attempts-used")
    assert "you have sent 2" in refused.get_json()["detail"]
    assert _send(platform, token, OTHER).status_code == 202
    left = {each["slug"]: each["attempts_left"] for each in _get(platform, token).get_json()["challenges"]}
    assert left == {SLUG: 0, OTHER: 1}
    # What the platform failed to grade is no attempt.
    claim = platform.store.claims.take(sent[0].get_json()["grading_id"], "w", ClaimPolicy(max_tries=1))
    assert claim is not None
    platform.store.claims.record_error(claim, "the engine is away")
    assert _send(platform, token).status_code == 202


def test_attempts_count_while_redis_is_away_too(platform: Platform) -> None:
    token = invited(platform)
    _begin(platform, token)
    app = platform.another_app(redis_url="redis://127.0.0.1:1/0")
    data = [{"challenge": SLUG, "archive": (io.BytesIO(FIX_ZIP), "fix.zip")} for _ in range(3)]
    answers = [app.test_client().post("/api/v1/submissions", headers=_headers(token), data=each) for each in data]
    assert [answer.status_code for answer in answers] == [202, 202, 403]
    assert _name(answers[2]) == (403, "attempts-used")


def test_a_token_that_names_challenges_has_no_clock(platform: Platform) -> None:
    token = platform.tokens[Role.CANDIDATE]
    assert _name(_get(platform, token)) == (404, "not-found")
    assert _name(_begin(platform, token)) == (404, "not-found")
    assert _send(platform, token).status_code == 202


def test_nobody_begins_without_agreeing_or_while_a_challenge_is_broken(platform: Platform) -> None:
    token = invited(platform)
    for body in ({}, {"agreed": False}, {"agreed": True, "more": 1}):
        answer = platform.client.post(f"{MINE}/begin", headers=_headers(token), json=body)
        assert _name(answer) == (422, "invalid-request")
    manifest = platform.settings.challenges / OTHER / "challenge.toml"
    whole = manifest.read_text()
    manifest.write_text("format = 1\n")
    broken = platform.another_app()
    answer = broken.test_client().post(f"{MINE}/begin", headers=_headers(token), json={"agreed": True})
    assert _name(answer) == (503, "challenge-invalid")
    assert _get(platform, token).get_json()["began_at"] is None
    manifest.write_text(whole)
    assert _begin(platform, token).status_code == 200
    assert platform.store.audit.page().items[0].deed.detail == {"agreed": True}
