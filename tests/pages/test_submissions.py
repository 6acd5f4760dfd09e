"""What assessors see of submissions."""

from __future__ import annotations

import re

import pytest

from runner.grading.exchanges import KeptExchange
from runner.submissions.model import Submission
from store.records import AuditFilter, NewToken, Origin, Role, SourceKind
from tests.api.conftest import Platform
from tests.api.sample import ASSESSORS_ONLY, CANARY, FIXED, SLUG, grade_of
from tests.pages.links import by_link, statements_of


def test_an_empty_list_says_how_to_begin(platform: Platform) -> None:
    for role, says in ((Role.RECRUITER, 'href="/assessments"'), (Role.ENGINEER, "mendbox submit")):
        text = platform.sign_in(role).client.get("/submissions").text
        assert "Nobody has sent anything yet." in text
        assert says in text


def test_the_list_has_who_what_and_how_it_went(platform: Platform) -> None:
    platform.graded()
    token = platform.store.tokens.create(NewToken("Grace <Hopper>", Role.CANDIDATE, (SLUG,), "A-104"))
    platform.store.submissions.add(
        Submission({"app.py": FIXED}), Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, token.record.id)
    )
    signed = platform.sign_in()
    text = signed.client.get("/submissions").text
    for says in (
        "Grace &lt;Hopper&gt;",
        "A-104",
        "waits in the queue",
        "the candidate",
        "A greeter that greets nobody",
    ):
        assert says in text, says
    only = signed.client.get("/submissions?status=queued&challenge=&verdict=").text
    assert "Grace" in only
    assert "the candidate" not in only
    assert "Nothing matches" in signed.client.get("/submissions?status=running").text
    hers = signed.client.get(f"/submissions?person={token.record.id}").text
    assert "Grace" in hers
    assert "the candidate" not in hers
    read = platform.store.audit.page(AuditFilter(action="grades.list")).items
    assert [item.deed.actor for item in read] == [signed.user.id]


def test_older_ones_are_a_link_away(platform: Platform) -> None:
    for _ in range(51):
        platform.add()
    client = platform.sign_in().client
    first = client.get("/submissions?status=queued")
    onward = re.search(r'<a href="([^"]+)">Older ones', first.text)
    assert onward is not None
    assert "status=queued" in onward[1]
    second = client.get(onward[1].replace("&amp;", "&"))
    assert (first.text.count("<tr>"), second.text.count("<tr>")) == (51, 2)
    assert "Older ones" not in second.text


def test_a_longer_list_takes_no_more_queries(platform: Platform) -> None:
    client = platform.sign_in().client
    platform.graded()
    client.get("/submissions")
    few = statements_of(platform, lambda: client.get("/submissions"))
    for number in range(12):
        token = platform.store.tokens.create(NewToken(f"candidate {number}", Role.CANDIDATE, (SLUG,)))
        platform.store.submissions.add(
            Submission({"app.py": FIXED}), Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, token.record.id)
        )
    assert statements_of(platform, lambda: client.get("/submissions")) == few > 0


def test_a_report_has_what_the_app_answered_before_and_after(platform: Platform) -> None:
    submission, grading = platform.add()
    claim = platform.claim(grading)
    grade = grade_of(claim)
    passed, failed = (test.id for test in grade.tests)

    def kept(status: str, answer: str) -> KeptExchange:
        return KeptExchange(method="POST", path="/asked?by=<you>", body="asked", status=status, answer=answer)

    after = {passed: kept("200 OK", "Hello"), failed: kept("404 NOT FOUND", "no such page")}
    assert platform.store.claims.record_grade(claim, grade, (), after)
    where, client = f"/submissions/{submission.id}", platform.sign_in().client
    text = client.get(where).text
    for says in (failed, "POST /asked?by=&lt;you&gt;", "404 NOT FOUND", "no such page", "Not known yet"):
        assert says in text, says
    assert "Hello" not in text
    starter = {failed: kept("500 INTERNAL SERVER ERROR", "Oh")}
    platform.store.exchanges.add_starter(grade.challenge.digest, SLUG, starter, worker="w")
    text = client.get(where).text
    assert "Not known yet" not in text
    assert text.index("500 INTERNAL SERVER ERROR") < text.index("404 NOT FOUND")
    # A hidden test's request is for assessors alone.
    mine, _ = by_link(platform)
    for path in (f"/work/attempts/{submission.id}", "/work/everything.json"):
        assert "/asked" not in mine.get(path).text
    assert "/asked" not in platform.get(f"/api/v1/submissions/{submission.id}", Role.CANDIDATE).text


def test_a_report_has_the_whole_grade_and_what_was_changed(platform: Platform) -> None:
    submission = platform.graded()
    signed = platform.sign_in()
    text = signed.client.get(f"/submissions/{submission.id}").text
    for says in (
        "It greets",
        "GET / does not greet.",
        "hidden tests passed",
        "Integrity",
        ASSESSORS_ONLY,
        "Grade again",
    ):
        assert says in text, says
    assert '<tr class="added">' in text
    assert "app = Flask(__name__)" in text
    assert CANARY not in text
    (record,) = platform.store.audit.page(AuditFilter(action="grade.read")).items
    assert (record.deed.actor, record.deed.object_id) == (signed.user.id, submission.id)


def test_what_a_candidate_wrote_is_text(platform: Platform) -> None:
    evil = b"</pre><script>alert(1)</script>\n"
    record, _ = platform.store.submissions.add(
        Submission({"app.py": evil, "<img>.py": b"\0"}), Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, None)
    )
    text = platform.sign_in().client.get(f"/submissions/{record.id}").text
    assert "<script>alert" not in text
    assert "<img>" not in text
    assert "&lt;script&gt;" in text
    assert "the command line" in text


def test_one_that_is_on_its_way_says_where_it_is_and_comes_by_itself(platform: Platform) -> None:
    submission, grading = platform.add()
    client = platform.sign_in().client
    text = client.get(f"/submissions/{submission.id}").text
    assert f'hx-get="/submissions/{submission.id}/state"' in text
    assert "waits in the queue, as number 1" in text
    assert "Grade again" not in text
    platform.claim(grading)
    part = {"HX-Request": "true"}
    state = client.get(f"/submissions/{submission.id}/state", headers=part)
    assert "is being graded" in state.text
    assert "HX-Refresh" not in state.headers
    done = platform.graded()
    assert client.get(f"/submissions/{done.id}/state", headers=part).headers["HX-Refresh"] == "true"
    opened = client.get(f"/submissions/{done.id}/state")
    assert (opened.status_code, opened.headers["Location"]) == (303, f"/submissions/{done.id}")
    assert platform.store.audit.page(AuditFilter(action="grade.read")).items == ()


def test_a_page_that_asks_by_itself_keeps_no_session_alive(platform: Platform) -> None:
    submission, _ = platform.add()
    signed = platform.sign_in()

    def seen() -> list[object]:
        with platform.store.engine.connect() as connection:
            return list(connection.exec_driver_sql("SELECT last_seen_at FROM sessions").scalars())

    with platform.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sessions SET last_seen_at = datetime('now', '-5 minutes') || '.000000'")
    before = seen()
    asked = signed.client.get(f"/submissions/{submission.id}/state", headers={"HX-Request": "true"})
    assert (asked.status_code, seen()) == (200, before)
    assert signed.client.get("/submissions").status_code == 200
    assert seen() != before


def test_grading_again_queues_it_behind_what_somebody_waits_for(platform: Platform) -> None:
    submission = platform.graded()
    signed = platform.sign_in()
    answer = signed.client.post(f"/submissions/{submission.id}/regrade", headers=signed.headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/submissions/{submission.id}")
    text = signed.client.get(f"/submissions/{submission.id}").text
    assert "What follows is of the last time." in text
    assert "somebody asked for it again" in text
    again = signed.client.post(f"/submissions/{submission.id}/regrade", headers=signed.headers)
    assert (again.status_code, again.mimetype) == (409, "text/html")


@pytest.mark.parametrize("gone", [True, False])
def test_a_challenge_that_is_gone_or_changed_leaves_the_report(platform: Platform, gone: bool) -> None:
    origin = Origin("no-more" if gone else SLUG, "sha256:c", SourceKind.ARCHIVE, None)
    record, _ = platform.store.submissions.add(Submission({"app.py": FIXED}), origin)
    answer = platform.sign_in().client.get(f"/submissions/{record.id}")
    assert answer.status_code == 200
    assert ("not there any more" in answer.text, "has changed since" in answer.text) == (gone, not gone)
