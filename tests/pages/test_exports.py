"""Files of what there is: whole, in the right hands, and with nothing that a candidate may not see."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

from runner.assessments.rubric import RUBRIC
from runner.submissions.model import Submission
from store.invited import NewInvitation
from store.records import AuditFilter, DraftChange, IssuedToken, NewToken, Origin, Role, SourceKind
from store.reviewed import Explanation, NoteKind
from tests.api.conftest import Platform
from tests.api.invited import AREAS, ASSESSMENT, began, invited
from tests.api.sample import ASSESSORS_ONLY, CANARY, FIXED, OTHER, SLUG, grade_of
from tests.pages.links import by_link, statements_of


def _at_work(platform: Platform) -> IssuedToken:
    token = invited(platform, '=HYPERLINK("x")')
    began(platform, token, ago=timedelta(minutes=30))
    store, me = platform.store, token.record.id
    store.explanations.save(me, SLUG, Explanation("The <route>", "Small", "A test"))
    store.drafts.save(me, SLUG, DraftChange("app.py", "x = 1\n", 0))
    for files, graded in (({"app.py": FIXED}, True), ({"app.py": FIXED, "data.bin": b"\xff\x00"}, False)):
        _, grading = store.submissions.add(Submission(files), Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, me))
        if graded:
            claim = platform.claim(grading)
            assert store.claims.record_grade(claim, grade_of(claim))
    store.reviews.add(me, "rita", {criterion.name: 3 for criterion in RUBRIC}, "Clear.")
    store.reviews.note(me, "rita", NoteKind.HOLD, "Later.")
    return token


def _source(platform: Platform, count: int) -> str:
    record = platform.store.assessments.add(ASSESSMENT, author="rita")
    for number in range(count):
        invitation = NewInvitation(record.id, ASSESSMENT, AREAS, 90)
        new = NewToken(f"=Person {number}", Role.CANDIDATE, (SLUG, OTHER), invitation=invitation)
        platform.store.invitations.begin(platform.store.tokens.create(new).record.id)
    return record.id


def test_candidates_as_a_table_and_as_values(platform: Platform) -> None:
    signed, source = platform.sign_in(), _source(platform, 3)
    token = platform.store.invitations.page(source).items[0].token_id
    _, grading = platform.store.submissions.add(
        Submission({"app.py": FIXED}), Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, token)
    )
    claim = platform.claim(grading)
    grade = grade_of(claim)
    assert platform.store.claims.record_grade(claim, grade)
    platform.store.reviews.note(token, "rita", NoteKind.ADVANCE, "Good.")
    answer = signed.client.get(f"/assessments/{source}/candidates.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="candidates.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert sorted(row["name"] for row in rows) == ["'=Person 0", "'=Person 1", "'=Person 2"]
    (mine,) = [row for row in rows if row["decision"] == "advance"]
    assert mine[f"A greeter that greets nobody ({SLUG})"] == str(grade.score)
    assert (mine["minutes"], mine["over"], mine["pass_line"]) == ("90", "no", "60")
    values = json.loads(signed.client.get(f"/assessments/{source}/candidates.json").data)
    assert values["assessment"]["title"] == ASSESSMENT.title
    (same,) = [row for row in values["candidates"] if row["decision"] == "advance"]
    assert same["scores"] == {SLUG: grade.score, OTHER: None}
    assert same["missing"] == [OTHER]
    assert same["score"] == int(mine["score"])
    exported = platform.store.audit.page(AuditFilter(action="candidates.export", object_id=source)).items
    assert [len(entry.deed.detail["tokens"]) for entry in exported] == [3, 3]
    assert signed.client.get("/assessments/nothing/candidates.csv").status_code == 404


def test_a_table_of_many_takes_as_many_queries_as_one_of_few(platform: Platform) -> None:
    signed = platform.sign_in()
    counts = []
    for source in (_source(platform, 2), _source(platform, 40)):
        signed.client.get(f"/assessments/{source}/candidates.csv")
        counts.append(
            statements_of(platform, lambda source=source: signed.client.get(f"/assessments/{source}/candidates.csv"))  # type: ignore[misc]
        )
    assert counts[0] == counts[1]


def _everything(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = json.loads(answer.data)
    return found


def test_a_recruiter_gets_all_that_is_kept_of_one(platform: Platform) -> None:
    token, signed = _at_work(platform), platform.sign_in()
    found = _everything(signed.client.get(f"/people/{token.record.id}/everything.json"))
    assert found["candidate"]["name"] == '=HYPERLINK("x")'
    assert found["invitation"]["minutes"] == 90
    assert found["explanations"][SLUG]["cause"] == "The <route>"
    # What is not sent nobody else is shown, and others' points are for who has given their own.
    assert not {"drafts", "reviews"} & set(found)
    assert found["number_of_reviews"] == 1
    waiting, graded = found["submissions"]
    assert (waiting["state"], waiting["grade"], graded["state"]) == ("queued", None, "graded")
    assert waiting["files"]["data.bin"] == {"base64": "/wA="}
    assert graded["files"]["app.py"] == FIXED.decode()
    assert graded["grade"]["tests"]
    assert found["notes"][0]["text"] == "Later."
    (deed,) = platform.store.audit.page(AuditFilter(action="candidate.export")).items
    assert (deed.deed.actor, deed.deed.object_id) == (signed.user.id, token.record.id)
    platform.store.reviews.add(token.record.id, signed.user.id, {criterion.name: 2 for criterion in RUBRIC}, "")
    again = _everything(signed.client.get(f"/people/{token.record.id}/everything.json"))
    assert [each["of_100"] for each in again["reviews"]] == [75, 50]


def test_a_candidate_gets_theirs_and_nothing_that_they_may_not_see(platform: Platform) -> None:
    token = _at_work(platform)
    client, _ = by_link(platform, token)
    assert "/work/everything.json" in client.get("/work").text
    answer = client.get("/work/everything.json")
    found = _everything(answer)
    assert found["explanations"][SLUG]["outlook"] == "A test"
    assert found["drafts"] == {SLUG: {"app.py": "x = 1\n"}, OTHER: {}}
    assert len(found["submissions"]) == 2
    assert "tests" not in found["submissions"][1]["grade"]
    assert "requirements" in found["submissions"][1]["grade"]
    assert not {"reviews", "notes"} & set(found)
    for secret in (ASSESSORS_ONLY, CANARY, "Clear.", "Later.", "rita"):
        assert secret not in answer.text
