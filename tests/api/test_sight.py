"""What of a grade candidates see, as their assessment has it: wherever they could read one."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from rich.console import Console

from api.git import routes
from api.narrator import Narrator
from mendbox.show import grade_summary
from runner.assessments.model import CandidatesSee
from store.progress import Place, Run
from store.records import AuditFilter, IssuedToken
from store.reviewed import NoteKind
from tests.api.conftest import Platform
from tests.api.invited import ASSESSMENT, invited
from tests.api.sample import ASSESSORS_ONLY, FIX_ZIP, SLUG, grade_of
from tests.api.test_git import _bands, _fixed, _pushed
from tests.pages.links import by_link

#: What every candidate sees, whose submission it is; what goes with the score; what goes with the requirements.
RECEIPT = {"schema_version", "challenge", "submission"}
SCORE = RECEIPT | {"verdict", "score"}
REQUIREMENTS = SCORE | {"outcome", "outcome_message", "requirements", "test_counts", "timing", "environment"}
FIELDS = {CandidatesSee.REQUIREMENTS: REQUIREMENTS, CandidatesSee.SCORE: SCORE, CandidatesSee.RECEIPT: RECEIPT}


def _headers(token: IssuedToken) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.text}"}


def _graded(platform: Platform, sight: CandidatesSee) -> tuple[IssuedToken, str]:
    """A candidate with this sight, and their submission, which has 50 of 100."""
    token = invited(platform, assessment=ASSESSMENT.model_copy(update={"candidates_see": sight}))
    platform.store.invitations.begin(token.record.id)
    data = {"challenge": SLUG, "archive": (io.BytesIO(FIX_ZIP), "fix.zip")}
    sent = platform.client.post("/api/v1/submissions", headers=_headers(token), data=data).get_json()
    _grade_all(platform)
    return token, sent["id"]


def _grade_all(platform: Platform) -> None:
    for summary in platform.store.submissions.page().items:
        claim = platform.store.claims.take(summary.grading.id, "worker-1")
        if claim is not None:
            assert platform.store.claims.record_grade(claim, grade_of(claim))


@pytest.mark.parametrize("sight", CandidatesSee)
def test_the_api_gives_so_much_of_a_grade_and_no_more(platform: Platform, sight: CandidatesSee) -> None:
    token, sent = _graded(platform, sight)
    shown = platform.client.get(f"/api/v1/submissions/{sent}", headers=_headers(token)).get_json()
    assert (shown["status"], set(shown["grade"])) == ("graded", FIELDS[sight])
    assert platform.client.get("/api/v1/me/assessment", headers=_headers(token)).get_json()["candidates_see"] == sight
    whole = platform.get(f"/api/v1/submissions/{sent}").get_json()["grade"]
    assert {"tests", "score", "requirements"} <= set(whole)


@pytest.mark.parametrize("sight", CandidatesSee)
def test_a_list_tells_no_more_and_can_not_be_searched_for_more(platform: Platform, sight: CandidatesSee) -> None:
    token, sent = _graded(platform, sight)

    def listed(**query: str) -> list[dict[str, Any]]:
        answer = platform.client.get("/api/v1/submissions", headers=_headers(token), query_string=query).get_json()
        found: list[dict[str, Any]] = answer["submissions"]
        return found

    hidden = sight is CandidatesSee.RECEIPT
    assert [(each["score"], each["verdict"]) for each in listed()] == [(None, None) if hidden else (50, "partial")]
    assert [each["id"] for each in listed(status="graded")] == [sent]
    assert [each["id"] for each in listed(verdict="partial")] == ([] if hidden else [sent])
    assert len(platform.get("/api/v1/submissions?verdict=partial").get_json()["submissions"]) == 1


@pytest.mark.parametrize("sight", CandidatesSee)
def test_events_end_with_so_much_of_the_grade(platform: Platform, sight: CandidatesSee) -> None:
    token, sent = _graded(platform, sight)
    text = platform.client.get(f"/api/v1/submissions/{sent}/events", headers=_headers(token)).text
    (data,) = [part for part in text.split("\n\n") if "event: grade" in part]
    assert set(json.loads(data.partition("data: ")[2])) == FIELDS[sight]


def test_how_single_tests_end_is_not_told_to_whoever_sees_no_requirements() -> None:
    narrator = Narrator(1, for_candidate=True, tells_tests=False)
    told = [*narrator.began(Run(1)), *narrator.test(Place(Run(1), 1), {"requirement": "R1", "status": "passed"}, 1.0)]
    told += narrator.test(Place(Run(2), 1), {"requirement": "R1", "status": "failed"}, 2.0)
    told += [*narrator.due(10.0), *narrator.grade({})]
    assert [event.name for event in told] == ["queued", "started", "started", "grade"]


@pytest.mark.parametrize(
    ("sight", "says"),
    [
        (CandidatesSee.REQUIREMENTS, ["R1 met in part, 50 of 100: GET / does not greet.", "score 50 of 100 (partial)"]),
        (CandidatesSee.SCORE, ["score 50 of 100 (partial)"]),
        (CandidatesSee.RECEIPT, ["graded; the result is for whoever invited you"]),
    ],
)
def test_a_push_is_told_as_much(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, sight: CandidatesSee, says: list[str]
) -> None:
    monkeypatch.setattr(routes, "WAIT_S", 0.0)
    token, _ = _graded(platform, sight)
    password = base64.b64encode(f"git:{token.text}".encode()).decode()
    for _ in range(2):
        answer = platform.client.post(
            f"/git/{SLUG}.git/git-receive-pack",
            data=_pushed(_fixed()),
            content_type="application/x-git-receive-pack-request",
            headers={"Authorization": f"Basic {password}"},
        )
        told, _ = _bands(answer)
        answer.close()
        _grade_all(platform)
    assert told[-1 - len(says) : -1] == says
    assert ("50" in str(told)) == (sight is not CandidatesSee.RECEIPT)


@pytest.mark.parametrize("sight", CandidatesSee)
def test_pages_show_as_much_and_say_so_before_one_begins(platform: Platform, sight: CandidatesSee) -> None:
    token, sent = _graded(platform, sight)
    client, _ = by_link(platform, token)
    attempt, rest = (
        client.get(f"/work/attempts/{sent}").text,
        client.get("/work").text + client.get(f"/work/{SLUG}").text,
    )
    assert ("GET / does not greet." in attempt, "Hidden tests" in attempt) == (
        (True, True) if sight is CandidatesSee.REQUIREMENTS else (False, False)
    )
    for page in (attempt, rest):
        assert ("solved in part" in page) == (sight is not CandidatesSee.RECEIPT)
        assert (">50<" in page or "50 of 100" in page) == (sight is not CandidatesSee.RECEIPT)
        assert ASSESSORS_ONLY not in page
    other = invited(platform, "Grace", assessment=ASSESSMENT.model_copy(update={"candidates_see": sight}))
    before = by_link(platform, other)[0].get("/work").text
    says = {
        CandidatesSee.REQUIREMENTS: "you see the score and which requirements",
        CandidatesSee.SCORE: "you see the score, and not which requirements",
        CandidatesSee.RECEIPT: "The result is for whoever invited you.",
    }
    assert says[sight] in before


@pytest.mark.parametrize("sight", CandidatesSee)
def test_what_is_kept_of_them_is_whole_once_it_is_decided(platform: Platform, sight: CandidatesSee) -> None:
    token, _ = _graded(platform, sight)
    client, _ = by_link(platform, token)

    def kept() -> tuple[set[str], bool]:
        found = client.get("/work/everything.json").get_json()
        return set(found["submissions"][0]["grade"]), "grades_withheld" in found

    is_less = sight is not CandidatesSee.REQUIREMENTS
    platform.store.reviews.note(token.record.id, "rita", NoteKind.HOLD, "Later.")
    assert kept() == (FIELDS[sight], is_less)
    platform.store.reviews.note(token.record.id, "rita", NoteKind.DECLINE, "Another is better.")
    assert kept() == (REQUIREMENTS, False)
    assert set(
        platform.sign_in()
        .client.get(f"/people/{token.record.id}/everything.json")
        .get_json()["submissions"][0]["grade"]
    ) > REQUIREMENTS - {"test_counts"}


@pytest.mark.parametrize("sight", CandidatesSee)
def test_the_trail_says_what_was_read(platform: Platform, sight: CandidatesSee) -> None:
    token, sent = _graded(platform, sight)
    platform.client.get(f"/api/v1/submissions/{sent}", headers=_headers(token))
    platform.client.get("/api/v1/submissions", headers=_headers(token))
    (read,) = platform.store.audit.page(AuditFilter(actor=token.record.id, action="grade.read")).items
    names = {CandidatesSee.REQUIREMENTS: "candidate", CandidatesSee.SCORE: "score", CandidatesSee.RECEIPT: "receipt"}
    assert read.deed.detail["view"] == names[sight]
    listed = platform.store.audit.page(AuditFilter(actor=token.record.id, action="grades.list")).items
    assert len(listed) == (0 if sight is CandidatesSee.RECEIPT else 1)


@pytest.mark.parametrize("sight", CandidatesSee)
def test_a_terminal_shows_what_there_is(platform: Platform, sight: CandidatesSee) -> None:
    token, sent = _graded(platform, sight)
    grade = platform.client.get(f"/api/v1/submissions/{sent}", headers=_headers(token)).get_json()["grade"]
    out = io.StringIO()
    Console(file=out, width=100).print(grade_summary(grade))
    assert ("50/100" in out.getvalue()) == (sight is not CandidatesSee.RECEIPT)
    assert ("R1" in out.getvalue()) == (sight is CandidatesSee.REQUIREMENTS)
