"""What assessors say of lines of a submission, where it is shown, and to whom."""

from __future__ import annotations

import html

import pytest
from werkzeug.test import TestResponse

from runner.assessments.rubric import RUBRIC
from store.records import AuditFilter, Role, SubmissionRecord
from store.reviewed import MOST_TEXT, Explanation, Place, Side
from tests.api.conftest import Platform, SignedIn
from tests.api.sample import FIXED, SLUG
from tests.pages.links import by_link, statements_of

POINTS = {criterion.name: 2 for criterion in RUBRIC}


def _say(signed: SignedIn, submission: SubmissionRecord, **fields: str) -> TestResponse:
    data = {"path": "app.py", "side": "after", "line": "5", "text": "Odd <this>?"} | fields
    return signed.client.post(f"/submissions/{submission.id}/comments", data=data, headers=signed.headers)


def _report(signed: SignedIn, submission: SubmissionRecord) -> str:
    return signed.client.get(f"/submissions/{submission.id}").text


def test_it_stands_under_its_line_and_on_the_candidates_page(platform: Platform) -> None:
    submission, signed = platform.graded(), platform.sign_in()
    answer = _say(signed, submission)
    (kept,) = platform.store.comments.of(submission.id)
    assert answer.headers["Location"] == f"/submissions/{submission.id}#comment-{kept.id}"
    text = _report(signed, submission)
    line = FIXED.decode().splitlines()[4]
    assert text.index(html.escape(line)) < text.index("Odd &lt;this&gt;?") < text.index("Comment on a line")
    person = signed.client.get(f"/people/{submission.token_id}").text
    assert f'href="/submissions/{submission.id}#comment-{kept.id}">app.py, line 5</a>' in person
    kept_of_them = signed.client.get(f"/people/{submission.token_id}/everything.json").get_json()
    assert [(each["path"], each["line"], each["text"]) for each in kept_of_them["comments"]] == [
        ("app.py", 5, "Odd <this>?")
    ]
    # The trail says that, and not what: whoever reads it may have a review to give.
    (deed,) = platform.store.audit.page(AuditFilter(action="comment.add")).items
    assert (deed.deed.actor, "Odd" in str(deed.deed.detail)) == (signed.user.id, False)


def test_candidates_never_see_them(platform: Platform) -> None:
    submission = platform.graded()
    _say(platform.sign_in(), submission)
    client, _ = by_link(platform)
    for path in (f"/work/attempts/{submission.id}", f"/work/{SLUG}", "/work/everything.json"):
        assert "Odd" not in client.get(path).text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"line": "99999"}, "There is no such line"),
        ({"line": "0"}, "There is no such line"),
        ({"line": "x"}, "There is no such line"),
        ({"path": "other.py"}, "There is no such line"),
        ({"side": "beside"}, "There is no such line"),
        ({"text": " "}, "Write something"),
        ({"text": "x" * (MOST_TEXT + 1)}, "Write something"),
    ],
)
def test_what_can_not_be_kept_is_said_and_stays_in_the_form(
    platform: Platform, fields: dict[str, str], says: str
) -> None:
    submission, signed = platform.graded(), platform.sign_in()
    answer = _say(signed, submission, **fields)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert platform.store.comments.of(submission.id) == []
    if fields.get("line"):
        assert "Odd &lt;this&gt;?</textarea>" in answer.text


def test_its_author_changes_it_and_takes_it_back_and_nobody_else(platform: Platform) -> None:
    submission, rita, sam = platform.graded(), platform.sign_in(), platform.sign_in(Role.ENGINEER)
    _say(rita, submission)
    (kept,) = platform.store.comments.of(submission.id)
    where = f"/submissions/{submission.id}/comments/{kept.id}"
    assert sam.client.post(where, data={"text": "mine"}, headers=sam.headers).status_code == 404
    assert sam.client.post(f"{where}/delete", headers=sam.headers).status_code == 404
    assert rita.client.post(where, data={"text": " "}, headers=rita.headers).status_code == 422
    assert rita.client.post(where, data={"text": "I see."}, headers=rita.headers).status_code == 303
    assert "I see." in _report(sam, submission)
    assert "Change it" not in _report(sam, submission)
    assert rita.client.post(f"{where}/delete", headers=rita.headers).status_code == 303
    assert "I see." not in _report(rita, submission)
    assert rita.client.post(f"{where}/delete", headers=rita.headers).status_code == 404


def test_others_are_shown_to_whoever_has_given_their_review(platform: Platform) -> None:
    submission, rita, sam = platform.graded(), platform.sign_in(), platform.sign_in(Role.ENGINEER)
    token = submission.token_id or ""
    platform.store.explanations.save(token, SLUG, Explanation("a", "b", "c"))
    _say(rita, submission)
    assert "Odd" in _report(rita, submission)
    text = _report(sam, submission)
    assert ("Odd" in text, "One comment of others" in text) == (False, True)
    platform.store.reviews.add(token, sam.user.id, POINTS, "")
    assert "Odd" in _report(sam, submission)
    # Once two reviews are given there is nothing left that they could sway.
    third = platform.sign_in()
    assert "Odd" not in third.client.get(f"/people/{token}").text
    platform.store.reviews.add(token, rita.user.id, POINTS, "")
    assert "Odd" in third.client.get(f"/people/{token}").text
    assert "Odd" in _report(third, submission)


def test_a_line_that_is_not_shown_has_its_comment_below_the_file(platform: Platform) -> None:
    submission, signed = platform.graded(), platform.sign_in()
    platform.store.comments.add(submission.id, Place("app.py", Side.BEFORE, 4000), "far away", author="rita")
    text = _report(signed, submission)
    assert text.index("far away") > text.rindex("</table></div>", 0, text.index("far away"))
    assert "line 4000 of the starter" in text


def test_more_comments_take_no_more_queries(platform: Platform) -> None:
    submission, signed = platform.graded(), platform.sign_in()
    counts = []
    for _ in range(2):
        _say(signed, submission)
        _report(signed, submission)
        counts.append(statements_of(platform, lambda: _report(signed, submission)))
    assert counts[0] == counts[1]
