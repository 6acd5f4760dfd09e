"""A candidate explains, two review without seeing each other or the name, and a recruiter decides."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from runner.assessments.model import Assessment, Chosen
from runner.assessments.rubric import RUBRIC
from runner.packages.manifest import Area
from runner.submissions.model import Submission
from store.records import AuditFilter, IssuedToken, Origin, Role, SourceKind
from store.reviewed import MOST_TEXT, Explanation, NoteKind
from tests.api.conftest import Platform, SignedIn
from tests.api.invited import began, invited
from tests.api.sample import FIXED, SLUG, grade_of
from tests.pages.links import by_link

WHERE = f"/work/{SLUG}/explanation"
ONE = Assessment(
    format=1,
    title="Backend developer",
    version="1.0.0",
    summary="One app.",
    pass_line=60,
    attempts=2,
    weights={Area.PRACTICAL: 60, Area.PROBLEM_SOLVING: 40},
    challenges=(Chosen(slug=SLUG),),
)


def _points(each: int) -> dict[str, str]:
    return {f"points-{criterion.name}": str(each) for criterion in RUBRIC}


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def _review(signed: SignedIn, token: IssuedToken, **fields: str) -> int:
    where = f"/people/{token.record.id}/review"
    return signed.client.post(where, data=fields, headers=signed.headers).status_code


def test_a_candidate_writes_about_their_fix_and_changes_it(platform: Platform) -> None:
    client, proof = by_link(platform)
    assert "Write what was wrong" in client.get(f"/work/{SLUG}").text
    written = {"cause": "It <greets> nobody.\r\nNobody.", "choice": "Because.", "outlook": ""}
    assert client.post(WHERE, data=written, headers=proof).headers["Location"] == f"/work/{SLUG}"
    assert "What you wrote about your fix" in client.get(f"/work/{SLUG}").text
    again = client.get(WHERE).text
    assert "It &lt;greets&gt; nobody.\nNobody.</textarea>" in again
    assert "Last kept" in again
    mine = platform.store.explanations.all_of(platform.tokens[Role.CANDIDATE].record.id)
    assert (mine[SLUG].choice, mine[SLUG].outlook) == ("Because.", "")


def test_what_is_too_long_is_kept_in_the_form_and_nowhere_else(platform: Platform) -> None:
    client, proof = by_link(platform)
    answer = client.post(WHERE, data={"cause": "x" * (MOST_TEXT + 1)}, headers=proof)
    assert (answer.status_code, "Nothing was kept." in answer.text) == (422, True)
    assert "x" * (MOST_TEXT + 1) in answer.text
    assert platform.store.explanations.all_of(platform.tokens[Role.CANDIDATE].record.id) == {}


def test_after_the_end_it_is_read_and_not_changed(platform: Platform) -> None:
    token = invited(platform)
    client, proof = by_link(platform, token)
    assert client.get(WHERE).headers["Location"] == "/work"
    assert client.post(WHERE, data={"cause": "early"}, headers=proof).headers["Location"] == "/work"
    began(platform, token, ago=timedelta(minutes=89))
    assert client.post(WHERE, data={"cause": "in time"}, headers=proof).status_code == 303
    began(platform, token, ago=timedelta(minutes=91))
    late = client.post(WHERE, data={"cause": "too late"}, headers=proof)
    assert (late.status_code, "Your time was over" in late.text) == (403, True)
    text = client.get(WHERE).text
    assert "in time</textarea>" in text
    assert "Keep it" not in text
    assert client.get("/work/nothing/explanation").status_code == 404


def _candidate(platform: Platform) -> IssuedToken:
    token = invited(platform, "Ada Lovelace", assessment=ONE)
    platform.store.invitations.begin(token.record.id)
    platform.store.explanations.save(token.record.id, SLUG, Explanation("The route", "Small", "A test"))
    origin = Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, token.record.id)
    _, grading = platform.store.submissions.add(Submission({"app.py": FIXED}), origin)
    claim = platform.claim(grading)
    assert platform.store.claims.record_grade(claim, grade_of(claim))
    return token


def test_a_reviewer_sees_what_was_done_and_not_by_whom(platform: Platform) -> None:
    token, signed = _candidate(platform), platform.sign_in(Role.ENGINEER)
    text = signed.client.get(f"/people/{token.record.id}/review").text
    assert "Lovelace" not in text
    plain = _plain(text)
    assert "The route" in plain
    assert "app = Flask(__name__)" in plain  # what the best attempt changed
    assert all(criterion.title in plain for criterion in RUBRIC)
    assert platform.store.audit.page(AuditFilter(action="grades.list")).items[0].deed.actor == signed.user.id


def test_two_review_blind_and_then_see_where_they_differ(platform: Platform) -> None:
    token = _candidate(platform)
    where = f"/people/{token.record.id}"
    one, two, recruiter = platform.sign_in(Role.ENGINEER), platform.sign_in(), platform.sign_in()
    score = re.search(r"Of 100 (\d+)", _plain(recruiter.client.get(where).text))
    assert score is not None
    assert _review(one, token, **_points(4), remark="Sees it all.") == 303
    # Nothing of it is seen by whoever has not given theirs: not the points, and not what they would do to the score.
    for other in (two, recruiter):
        for page in (where, f"{where}/review"):
            text = _plain(other.client.get(page).text)
            assert "Sees it all." not in text
            assert "Apart" not in text
    assert f"Of 100 {score[1]} " in _plain(recruiter.client.get(where).text)
    assert "Sees it all." in one.client.get(f"{where}/review").text
    assert _review(two, token, **(_points(3) | {"points-limits": "1"})) == 303
    text = _plain(two.client.get(where).text)
    assert "Finds the cause 4 3 1" in text
    assert "Sees the limits 4 1 3" in text
    assert "Of 100 100 65" in text
    # Two make a score: half of it each.
    assert "Problem solving 83 of 100" in text
    # Nobody reviews twice.
    assert _review(one, token, **_points(0)) == 409
    assert "Your points" not in one.client.get(f"{where}/review").text
    assert len(platform.store.reviews.of(token.record.id)) == 2


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"points-cause": ""}, "Give points for each of the five."),
        ({"points-cause": "5"}, "Give points for each of the five."),
        ({"points-cause": "-1"}, "Give points for each of the five."),
        ({"remark": "x" * (MOST_TEXT + 1)}, f"A remark may have {MOST_TEXT} characters."),
    ],
)
def test_a_review_that_is_none_is_refused(platform: Platform, changed: dict[str, str], says: str) -> None:
    token, signed = _candidate(platform), platform.sign_in()
    where = f"/people/{token.record.id}/review"
    answer = signed.client.post(where, data=_points(2) | changed, headers=signed.headers)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert 'name="points-next" value="2" required checked' in answer.text
    assert platform.store.reviews.of(token.record.id) == []


def test_notes_and_decisions_are_written_down(platform: Platform) -> None:
    token, signed = _candidate(platform), platform.sign_in()
    where = f"/people/{token.record.id}"
    for kind, text in (("note", "Spoke <today>"), ("advance", "Solid.")):
        sent = {"kind": kind, "text": text}
        assert signed.client.post(f"{where}/notes", data=sent, headers=signed.headers).status_code == 303
    text = _plain(signed.client.get(where).text)
    assert text.index("Go on with them") < text.index("Spoke <today>")
    assert signed.user.account in text
    assert platform.store.reviews.decisions({token.record.id}) == {token.record.id: NoteKind.ADVANCE}
    for wrong in (
        {"kind": "note", "text": " "},
        {"kind": "hire", "text": "x"},
        {"kind": "note", "text": "x" * (MOST_TEXT + 1)},
    ):
        answer = signed.client.post(f"{where}/notes", data=wrong, headers=signed.headers)
        assert (answer.status_code, "Write something" in answer.text) == (422, True)


def test_a_candidate_is_deleted_for_good_by_who_is_sure(platform: Platform) -> None:
    token, signed = _candidate(platform), platform.sign_in()
    where = f"/people/{token.record.id}"
    for wrong in ({"why": "asked"}, {"sure": "1", "why": " "}, {"sure": "1", "why": "x" * 201}):
        answer = signed.client.post(f"{where}/erase", data=wrong, headers=signed.headers)
        assert (answer.status_code, "say that you are sure" in answer.text) == (422, True)
    sure = {"sure": "1", "why": "asked"}
    _, waiting = platform.store.submissions.add(
        Submission({"app.py": FIXED}), Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, token.record.id)
    )
    assert signed.client.post(f"{where}/erase", data=sure, headers=signed.headers).status_code == 409
    claim = platform.claim(waiting)
    assert platform.store.claims.record_grade(claim, grade_of(claim))
    assert signed.client.post(f"{where}/erase", data=sure, headers=signed.headers).headers["Location"] == "/people"
    assert signed.client.get(where).status_code == 404
    assert "Ada Lovelace" not in signed.client.get("/people").text
    assert platform.store.tokens.find(token.text) is None


def test_whoever_may_review_finds_whom_to_review(platform: Platform) -> None:
    token, signed = _candidate(platform), platform.sign_in(Role.ENGINEER)
    listed = signed.client.get("/reviews").text
    assert f'href="/people/{token.record.id}/review"' in listed
    assert "Lovelace" not in listed
    assert _review(signed, token, **_points(2)) == 303
    assert "Nobody waits for a review of yours." in signed.client.get("/reviews").text
    review = signed.client.get(f"/people/{token.record.id}/review").text
    assert "Their time still runs" in review
    assert "by the hidden tests" in review
    # Before one has given points, nothing says how the hidden tests went.
    other = platform.sign_in(Role.ENGINEER)
    assert "by the hidden tests" not in other.client.get(f"/people/{token.record.id}/review").text
