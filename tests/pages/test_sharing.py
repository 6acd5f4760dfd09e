"""A report for somebody outside the team."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from runner.submissions.model import Submission
from store.records import IssuedToken, Origin, SourceKind
from store.reviewed import Explanation, NoteKind
from tests.api.conftest import Platform
from tests.api.invited import began, invited
from tests.api.sample import ASSESSORS_ONLY, CANARY, FIXED, SLUG, grade_of
from tests.pages.conftest import served


def _candidate(platform: Platform) -> IssuedToken:
    token = invited(platform, "Ada Lovelace")
    began(platform, token, ago=timedelta(minutes=30))
    store = platform.store
    store.explanations.save(token.record.id, SLUG, Explanation("The <route>", "", "A test"))
    store.reviews.note(token.record.id, "rita", NoteKind.DECLINE, "Not for us.")
    origin = Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, token.record.id)
    _, grading = store.submissions.add(Submission({"app.py": FIXED}), origin)
    claim = platform.claim(grading)
    assert store.claims.record_grade(claim, grade_of(claim))
    return token


def _shared(platform: Platform, token: IssuedToken, **fields: str) -> str:
    signed = platform.sign_in()
    where = f"/people/{token.record.id}"
    answer = signed.client.post(f"{where}/share", data={"share_days": "7"} | fields, headers=signed.headers)
    assert answer.status_code == 200
    found = re.search(r"/shared#(mbx_[A-Za-z0-9_-]{43})", answer.text)
    assert found is not None
    assert found[1] not in signed.client.get(where).text
    return found[1]


def test_whoever_has_the_link_reads_what_is_for_them_and_nothing_else(platform: Platform) -> None:
    token = _candidate(platform)
    answer = platform.client.post("/shared", data={"code": _shared(platform, token)})
    assert answer.status_code == 200
    text = answer.text
    assert "A candidate" in text
    assert "The &lt;route&gt;" in text
    assert "It greets" in text  # a requirement
    for secret in ("Lovelace", "Not for us.", ASSESSORS_ONLY, CANARY, "rita", "integrity"):
        assert secret not in text, secret
    with_name = platform.client.post("/shared", data={"code": _shared(platform, token, with_name="1")}).text
    assert "Ada Lovelace" in with_name


def test_a_link_that_is_ended_or_never_was_opens_nothing(platform: Platform) -> None:
    token, signed = _candidate(platform), platform.sign_in()
    code = _shared(platform, token)
    (share,) = platform.store.shares.of(token.record.id)
    assert "End it" in signed.client.get(f"/people/{token.record.id}").text
    ended = signed.client.post(f"/people/{token.record.id}/share/{share.id}/end", headers=signed.headers)
    assert ended.status_code == 303
    for wrong in (code, "mbx_" + "x" * 43, token.text, ""):
        answer = platform.client.post("/shared", data={"code": wrong})
        assert (answer.status_code, "not good, or not any more" in answer.text) == (404, True)
    other = invited(platform)
    strange = signed.client.post(f"/people/{other.record.id}/share/{share.id}/end", headers=signed.headers)
    assert strange.status_code == 404


@pytest.mark.parametrize("days", ["0", "91", "x", "", "999999"])
def test_days_that_can_not_be_are_refused(platform: Platform, days: str) -> None:
    token, signed = _candidate(platform), platform.sign_in()
    where = f"/people/{token.record.id}/share"
    answer = signed.client.post(where, data={"share_days": days}, headers=signed.headers)
    assert (answer.status_code, "shared for 1 to 90 days" in answer.text) == (422, True)


def test_a_browser_is_led_from_the_link_to_the_report(platform: Platform, browser: Browser) -> None:
    code = _shared(platform, _candidate(platform))
    with served(platform.app) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/shared#{code}")
        expect(page.get_by_role("heading", level=1)).to_have_text("A candidate")
        assert code not in page.url
        assert context.cookies() == []
