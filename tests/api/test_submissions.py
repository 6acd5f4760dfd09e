"""Submitting, reading, listing and regrading."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from store.queue import QueueUnavailable
from store.records import AuditFilter, Role, SourceKind
from tests.api.conftest import Platform
from tests.api.sample import ASSESSORS_ONLY, FIX_ZIP, FIXED, OTHER, PATCH, SLUG, grade_of, zipped

URL = "/api/v1/submissions"
ASSESSORS = (Role.ADMIN, Role.RECRUITER, Role.ENGINEER)


def _archive(data: bytes = FIX_ZIP, challenge: str = SLUG) -> dict[str, Any]:
    return {"challenge": challenge, "archive": (io.BytesIO(data), "fix.zip")}


def _problem(answer: Any, name: str, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    document = answer.get_json(force=True)
    assert document["type"] == f"urn:mendbox:problem:{name}"
    assert document["status"] == status
    return dict(document)


def test_a_submission_is_stored_queued_and_answered_with_where_to_look(platform: Platform) -> None:
    answer = platform.submit(data=_archive())

    assert answer.status_code == 202, answer.text
    body = answer.get_json()
    assert answer.headers["Location"] == body["url"] == f"{URL}/{body['id']}"
    assert body["events"] == body["url"] + "/events"
    assert body["status"] == "queued"
    assert list(platform.queue.queued()) == [body["grading_id"]]
    stored = platform.store.submissions.get(body["id"])
    assert stored.token_id == platform.tokens[Role.CANDIDATE].record.id
    assert stored.source is SourceKind.ARCHIVE


def test_a_patch_and_an_archive_of_the_same_change_have_the_same_digest(platform: Platform) -> None:
    one = platform.submit(data=_archive()).get_json()
    other = platform.submit(data={"challenge": SLUG, "patch": (io.BytesIO(PATCH), "fix.patch")})

    assert other.status_code == 202, other.text
    stored = [platform.store.submissions.get(one_id) for one_id in (one["id"], other.get_json()["id"])]
    assert stored[0].submission_digest == stored[1].submission_digest
    assert stored[1].source is SourceKind.PATCH


def test_what_tools_leave_behind_is_left_out_and_said(platform: Platform) -> None:
    data = zipped({"app.py": b"x = 1\n", "__pycache__/app.cpython-311.pyc": b"\0"})

    assert platform.submit(data=_archive(data)).get_json()["left_out"] != []


def test_the_starter_as_downloaded_can_be_sent_back(platform: Platform) -> None:
    starter = platform.get(f"/api/v1/challenges/{SLUG}/starter.zip", Role.CANDIDATE).data

    answer = platform.submit(data=_archive(starter))

    assert answer.status_code == 202, answer.text
    assert platform.store.submissions.content(answer.get_json()["id"]).files == {}


def test_a_rejected_submission_says_reason_path_and_what_to_do(platform: Platform) -> None:
    answer = platform.submit(data=_archive(zipped({"tests/test_visible.py": b"edited\n"})))

    problem = _problem(answer, "submission-rejected", 422)
    assert problem["path"] == "tests/test_visible.py"
    assert problem["reason"]
    assert "app" in problem["hint"] or "*.py" in problem["hint"]
    assert platform.store.submissions.page().items == ()


def test_a_part_of_the_form_without_a_name_is_refused(platform: Platform) -> None:
    body = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"

    answer = platform.post(
        "/api/v1/submissions", Role.CANDIDATE, content_type="multipart/form-data; boundary=b", data=body
    )

    _problem(answer, "invalid-request", 422)


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04 cut", b"\x1f\x8b cut"])
def test_a_broken_archive_is_rejected(platform: Platform, data: bytes) -> None:
    _problem(platform.submit(data=_archive(data)), "submission-rejected", 422)


def test_an_unknown_challenge_is_404_for_an_assessor(platform: Platform) -> None:
    _problem(platform.submit(Role.ADMIN, data=_archive(challenge="nowhere")), "challenge-unknown", 404)


@pytest.mark.parametrize("slug", ["../challenges/greeter", ".", "/etc", "Greeter", "greeter\0", "a" * 200])
def test_a_challenge_is_never_a_path(platform: Platform, slug: str) -> None:
    assert platform.submit(Role.ADMIN, data=_archive(challenge=slug)).status_code == 404


@pytest.mark.parametrize("slug", [OTHER, "nowhere"])
def test_a_candidate_may_submit_only_to_challenges_that_their_token_names(platform: Platform, slug: str) -> None:
    problem = _problem(platform.submit(data=_archive(challenge=slug)), "challenge-not-allowed", 403)

    assert SLUG in problem["detail"]


def test_a_broken_challenge_is_the_platforms_fault_and_names_no_file(platform: Platform) -> None:
    (platform.settings.challenges / SLUG / "challenge.toml").write_text("format = 2\n")

    answer = platform.submit(data=_archive())

    _problem(answer, "challenge-invalid", 503)
    assert "toml" not in answer.text
    assert answer.headers["Retry-After"]


def test_both_files_or_neither_are_refused(platform: Platform) -> None:
    both = {**_archive(), "patch": (io.BytesIO(PATCH), "fix.patch")}

    assert "both" in _problem(platform.submit(data=both), "invalid-request", 422)["detail"]
    assert "neither" in _problem(platform.submit(data={"challenge": SLUG}), "invalid-request", 422)["detail"]


def test_a_text_field_in_place_of_a_file_is_refused(platform: Platform) -> None:
    problem = _problem(platform.submit(data={"challenge": SLUG, "archive": "text"}), "invalid-request", 422)

    assert "file" in problem["detail"]


def test_a_missing_challenge_is_refused(platform: Platform) -> None:
    _problem(platform.submit(data={"archive": (io.BytesIO(FIX_ZIP), "fix.zip")}), "invalid-request", 422)


@pytest.mark.parametrize("name", ["challenge", "archive"])
def test_a_repeated_field_is_refused(platform: Platform, name: str) -> None:
    data = _archive()
    data[name] = [SLUG, SLUG] if name == "challenge" else [(io.BytesIO(FIX_ZIP), "a"), (io.BytesIO(FIX_ZIP), "b")]

    assert _problem(platform.submit(data=data), "repeated-field", 400)["field"] == name


def test_a_field_that_is_text_and_file_at_once_is_repeated(platform: Platform) -> None:
    data = {"challenge": [SLUG, (io.BytesIO(b"x"), "challenge")], "archive": (io.BytesIO(FIX_ZIP), "fix.zip")}

    _problem(platform.submit(data=data), "repeated-field", 400)


@pytest.mark.parametrize("name", ["grade", "score", "status"])
def test_an_unknown_field_is_refused(platform: Platform, name: str) -> None:
    assert _problem(platform.submit(data={**_archive(), name: "100"}), "invalid-request", 422)["field"] == name


def test_a_queue_that_is_gone_does_not_lose_a_submission(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> str:
        raise QueueUnavailable("gone")

    monkeypatch.setattr(platform.queue, "enqueue", gone)

    answer = platform.submit(data=_archive())

    assert answer.status_code == 202
    assert [lost.grading_id for lost in platform.store.backlog.lost(queued_for_s=0)] == [
        answer.get_json()["grading_id"]
    ]


def test_the_same_idempotency_key_gives_the_same_submission(platform: Platform) -> None:
    sent = {"Idempotency-Key": "try-1"}
    first = platform.submit(data=_archive(), headers=sent)
    again = platform.submit(data=_archive(), headers=sent)

    assert again.status_code == 202
    assert again.get_json() == first.get_json()
    assert len(platform.store.submissions.page().items) == 1


def test_the_same_request_is_known_after_its_challenge_changed_or_broke(platform: Platform) -> None:
    sent = {"Idempotency-Key": "try-1"}
    first = platform.submit(data=_archive(), headers=sent).get_json()
    (platform.settings.challenges / SLUG / "challenge.toml").unlink()
    again = platform.submit(data=_archive(), headers=sent)

    assert (again.status_code, again.get_json()["id"]) == (202, first["id"])
    assert platform.submit(data=_archive()).status_code == 404


def test_the_same_fix_packed_anew_is_the_same_submission(platform: Platform) -> None:
    sent = {"Idempotency-Key": "try-1"}
    first = platform.submit(data=_archive(), headers=sent).get_json()
    packed = zipped({"app.py": FIXED}, compression=zipfile.ZIP_DEFLATED)
    assert packed != FIX_ZIP
    again = platform.submit(data=_archive(packed), headers=sent)

    assert (again.status_code, again.get_json()["id"]) == (202, first["id"])


def test_an_idempotency_key_belongs_to_its_token(platform: Platform) -> None:
    sent = {"Idempotency-Key": "try-1"}
    mine = platform.submit(data=_archive(), headers=sent).get_json()
    theirs = platform.submit(Role.RECRUITER, data=_archive(), headers=sent).get_json()

    assert mine["id"] != theirs["id"]


def test_an_idempotency_key_is_for_one_submission(platform: Platform) -> None:
    sent = {"Idempotency-Key": "try-1"}
    platform.submit(data=_archive(), headers=sent)

    _problem(
        platform.submit(data=_archive(zipped({"app.py": b"other\n"})), headers=sent), "idempotency-key-reused", 409
    )


@pytest.mark.parametrize("key", ["", "two words", "x" * 201])
def test_an_idempotency_key_of_another_form_is_refused(platform: Platform, key: str) -> None:
    _problem(platform.submit(data=_archive(), headers={"Idempotency-Key": key}), "invalid-request", 422)


def test_a_queued_submission_tells_its_place(platform: Platform) -> None:
    platform.add()
    submission, _ = platform.add()

    body = platform.get(f"{URL}/{submission.id}", Role.CANDIDATE).get_json()

    assert (body["status"], body["queue_position"], body["attempt"]) == ("queued", 2, 1)
    assert body["grade"] is None


@pytest.mark.parametrize("role", ASSESSORS)
def test_an_assessor_reads_the_whole_grade_and_that_is_audited(platform: Platform, role: Role) -> None:
    submission = platform.graded()

    body = platform.get(f"{URL}/{submission.id}", role).get_json()

    assert body["status"] == "graded"
    assert body["grade"]["tests"][0]["detail"] == f"assert {ASSESSORS_ONLY}"
    reads = platform.store.audit.page(AuditFilter(action="grade.read", object_id=submission.id)).items
    assert [read.deed.actor for read in reads] == [platform.tokens[role].record.id]


def test_a_candidate_reads_a_redacted_grade(platform: Platform) -> None:
    submission = platform.graded()

    answer = platform.get(f"{URL}/{submission.id}", Role.CANDIDATE)

    grade = answer.get_json()["grade"]
    assert (grade["score"], grade["verdict"]) == (50, "partial")
    assert grade["requirements"][0]["message"] == "GET / does not greet."
    assert grade["test_counts"] == {"passed": 1, "failed": 1, "error": 0, "not_run": 0}
    assert ASSESSORS_ONLY not in answer.text
    assert str(platform.store.gradings.latest(submission.id).seed) not in answer.text


def test_a_platform_fault_is_told_in_full_to_assessors_and_in_general_to_candidates(platform: Platform) -> None:
    submission, grading = platform.add()
    for _ in range(3):
        claim = platform.claim(grading)
        platform.store.claims.record_error(claim, "host db-7 is down")

    whole = platform.get(f"{URL}/{submission.id}", Role.RECRUITER).get_json()
    redacted = platform.get(f"{URL}/{submission.id}", Role.CANDIDATE)

    assert whole["status"] == "error"
    assert "db-7" in whole["error"]["message"]
    assert redacted.get_json()["error"]["message"]
    assert "db-7" not in redacted.text


@pytest.mark.parametrize("path", ["", "/events"])
def test_another_candidates_submission_is_not_there(platform: Platform, path: str) -> None:
    submission = platform.graded()
    stranger = platform.second_candidate()

    theirs = platform.client.get(f"{URL}/{submission.id}{path}", headers=stranger)
    nobodys = platform.client.get(f"{URL}/{'0' * 32}{path}", headers=stranger)

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text.replace(submission.id, "") == nobodys.text.replace("0" * 32, "")


@pytest.mark.parametrize("wrong", ["x", "0" * 31, "0" * 33, "ABCDEF" + "0" * 26, "%00" * 32, "..%2f..", "'" * 32])
@pytest.mark.parametrize("path", ["", "/events"])
def test_an_id_of_another_form_is_404(platform: Platform, wrong: str, path: str) -> None:
    assert platform.get(f"{URL}/{wrong}{path}").status_code == 404


def test_a_candidates_list_holds_only_their_own(platform: Platform) -> None:
    mine, _ = platform.add(Role.CANDIDATE)
    platform.add(Role.RECRUITER)

    listed = platform.get(URL, Role.CANDIDATE).get_json()
    all_of_them = platform.get(URL, Role.RECRUITER).get_json()

    assert [item["id"] for item in listed["submissions"]] == [mine.id]
    assert len(all_of_them["submissions"]) == 2


def test_a_list_is_read_in_parts_that_miss_and_repeat_nothing(platform: Platform) -> None:
    ids = [platform.add()[0].id for _ in range(5)]
    seen: list[str] = []
    after = ""
    for _ in range(3):
        body = platform.get(f"{URL}?limit=2{after}").get_json()
        seen += [item["id"] for item in body["submissions"]]
        after = f"&after={body['next']}"

    assert seen == ids[::-1]
    assert body["next"] is None


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "after=garbage", "status=done", "unknown=1", "challenge=Not+A+Slug"]
)
def test_a_wrong_query_is_refused(platform: Platform, query: str) -> None:
    _problem(platform.get(f"{URL}?{query}"), "invalid-request", 422)


def test_a_wrong_query_is_named_as_its_sender_knows_it(platform: Platform) -> None:
    errors = platform.get(f"{URL}?status=bogus&limit=x").get_json(force=True)["errors"]

    assert sorted(error["place"] for error in errors) == ["limit", "status"]
    assert "None" not in str(errors)


def test_a_list_of_grades_is_audited_an_assessors_each_time(platform: Platform) -> None:
    submission = platform.graded()

    for role in (Role.CANDIDATE, Role.CANDIDATE, Role.RECRUITER, Role.RECRUITER):
        platform.get(URL, role)

    deeds = [item.deed for item in platform.store.audit.page(AuditFilter(action="grades.list")).items]
    assert [(deed.actor, deed.detail) for deed in deeds] == [
        (platform.tokens[role].record.id, {"submissions": [submission.id]})
        for role in (Role.RECRUITER, Role.RECRUITER, Role.CANDIDATE)
    ]


def test_a_regrade_is_another_attempt_behind_those_who_wait(platform: Platform) -> None:
    submission = platform.graded()

    answer = platform.post(f"{URL}/{submission.id}/regrade", Role.RECRUITER)

    assert answer.status_code == 202, answer.text
    body = platform.get(f"{URL}/{submission.id}").get_json()
    assert (body["status"], body["attempt"], body["reason"]) == ("queued", 2, "regrade")
    assert list(platform.queue.queued()) == [answer.get_json()["grading_id"]]


def test_the_last_grade_counts_until_a_regrade_has_another(platform: Platform) -> None:
    submission = platform.graded()
    path = f"{URL}/{submission.id}"

    def shown() -> tuple[Any, ...]:
        for role in (Role.RECRUITER, Role.CANDIDATE):
            one = platform.get(path, role).get_json()
            (item,) = platform.get(f"{URL}?verdict=partial", role).get_json()["submissions"]
            assert (item["status"], item["attempt"], item["score"]) == (one["status"], one["attempt"], 50)
            assert (item["graded_attempt"], item["verdict"]) == (one["graded_attempt"], "partial")
        return one["status"], one["attempt"], one["graded_attempt"], one["grade"]["score"], one["error"] is not None

    assert shown() == ("graded", 1, 1, 50, False)
    grading = platform.store.gradings.regrade(submission.id)
    assert shown() == ("queued", 2, 1, 50, False)
    for _ in range(3):
        claim = platform.claim(grading)
        assert shown() == ("running", 2, 1, 50, False)
        platform.store.claims.record_error(claim, "the engine burnt down")
    assert shown() == ("error", 2, 1, 50, True)
    claim = platform.claim(platform.store.gradings.regrade(submission.id))
    platform.store.claims.record_grade(claim, grade_of(claim))
    assert shown() == ("graded", 3, 3, 50, False)


def test_a_regrade_of_what_is_being_graded_is_a_conflict(platform: Platform) -> None:
    submission, _ = platform.add()

    _problem(platform.post(f"{URL}/{submission.id}/regrade"), "conflict", 409)


def test_a_body_cannot_set_a_grade(platform: Platform) -> None:
    submission, _ = platform.add()

    answer = platform.post(f"{URL}/{submission.id}/regrade", json={"grade": 100, "score": 100})

    assert answer.status_code == 409
    assert platform.store.gradings.latest(submission.id).score is None


def test_rejected_uploads_with_files_that_may_not_be_changed_are_told_to_assessors(platform: Platform) -> None:
    before = zipped({"tests/test_visible.py": b"def test_it():\n    pass\n"})
    for data in (before, before, b"no archive"):
        _problem(platform.submit(data=_archive(data)), "submission-rejected", 422)
    submission = platform.graded()
    later = zipped({"harness.txt": b"x"})
    _problem(platform.submit(data=_archive(later)), "submission-rejected", 422)
    others = platform.graded(Role.RECRUITER)

    facts = platform.get(f"{URL}/{submission.id}", Role.RECRUITER).get_json()["grade"]["integrity"]["facts"]

    assert [(fact["kind"], fact["count"]) for fact in facts] == [("tried_paths", 3), ("uploads_rejected", 2)]
    assert "uploads_rejected" not in platform.get(f"{URL}/{submission.id}", Role.CANDIDATE).text
    assert "uploads_rejected" not in platform.get(f"{URL}/{others.id}", Role.RECRUITER).text
