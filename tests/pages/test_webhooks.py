"""What admins see of webhooks, and what they have sent; the same through the API."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from runner.submissions.model import Submission
from store.records import Origin, Role, SourceKind
from store.reviewed import NoteKind
from store.webhook_rules import Answer
from tests.api.conftest import Platform, SignedIn
from tests.api.invited import began, invited
from tests.api.sample import FIXED, SLUG, grade_of
from tests.pages.links import statements_of

URL = "https://hooks.example/a-path-that-is-secret"
API = "/api/v1/webhooks"


@pytest.fixture
def signed(platform: Platform) -> SignedIn:
    """An admin's browser where somebody is told."""
    platform.store.webhooks.collect()
    return platform.sign_in(Role.ADMIN, platform.another_app(webhook_url=URL))


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def _try(platform: Platform, *answers: Answer) -> None:
    """Try what is due, what happened first first, with these answers."""
    platform.store.webhooks.collect()
    for id, answer in zip(platform.store.webhooks.due(), answers, strict=True):  # noqa: A001
        attempt = platform.store.webhooks.take(id)
        assert attempt is not None
        assert platform.store.webhooks.record(attempt, answer) is not None


def _story(platform: Platform, name: str = "Ada") -> str:
    """Five things that are told of one candidate."""
    token = invited(platform, name)
    began(platform, token, ago=timedelta(minutes=10))
    me = token.record.id
    origin = Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, me)
    _, grading = platform.store.submissions.add(Submission({"app.py": FIXED}), origin)
    claim = platform.claim(grading)
    assert platform.store.claims.record_grade(claim, grade_of(claim))
    platform.store.reviews.note(me, "rita", NoteKind.HOLD, "a reason")
    return me


def test_where_nobody_is_told_the_page_says_how_that_is_set_up(platform: Platform) -> None:
    signed = platform.sign_in(Role.ADMIN)
    answer = signed.client.get("/webhooks").text
    text = _plain(answer)
    assert "Nobody is told yet" in text
    assert "MENDBOX_WEBHOOK_URL" in text
    assert "grading.finished" in text
    assert "Send" not in text
    assert "hx-trigger" not in answer
    refused = signed.client.post("/webhooks/test", headers=signed.headers)
    assert refused.status_code == 409
    assert "set MENDBOX_WEBHOOK_URL" in _plain(refused.text)
    assert platform.store.webhooks.page().items == ()


def test_a_test_is_sent_followed_and_sent_again(platform: Platform, signed: SignedIn) -> None:
    first = signed.client.get("/webhooks").text
    assert "hooks.example" in first
    assert "a-path-that-is-secret" not in first
    assert "it stands here within seconds" in _plain(first)
    sent = signed.client.post("/webhooks/test", headers=signed.headers)
    assert sent.headers["Location"] == "/webhooks"
    follow = re.search(r'hx-get="([^"]+)"', first)
    assert follow is not None

    def part() -> str:
        return _plain(signed.client.get(html.unescape(follow[1]), headers={"HX-Request": "true"}).text)

    assert re.search(r"Waits 1 Delivered 0 Given up 0 .* a test .* waits 0", part())
    _try(platform, Answer(None, "no answer"))
    assert re.search(r"waits, next \d{4}-.* UTC 1 no answer \d{4}-", part())
    assert "Send again" not in part()
    (item,) = platform.store.webhooks.page().items
    again = f"/webhooks/{item.id}/again"
    assert signed.client.post(again, headers=signed.headers).status_code == 409
    with platform.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE webhook_deliveries SET state = 'given_up', due_at = NULL")
    assert "given up" in part()
    assert "Send again" in part()
    assert signed.client.post(again, headers=signed.headers).status_code == 303
    _try(platform, Answer(204))
    assert "delivered 1 answered 204" in part()
    assert signed.client.post(f"/webhooks/{'0' * 32}/again", headers=signed.headers).status_code == 404
    assert signed.client.post("/webhooks/x/again", headers=signed.headers).status_code == 404


def test_each_delivery_leads_to_what_it_is_about(platform: Platform, signed: SignedIn) -> None:
    me = _story(platform)
    platform.store.webhooks.collect()
    answer = signed.client.get("/webhooks").text
    submission = next(each.object_id for each in platform.store.webhooks.page(event="submission.received").items)
    assert answer.count(f'href="/submissions/{submission}"') == 2
    assert answer.count(f'href="/people/{me}"') == 2
    for path in (f"/submissions/{submission}", f"/people/{me}"):
        assert signed.client.get(path).status_code == 200
    platform.store.erasure.erase(me, "asked", actor="rita")
    platform.store.webhooks.collect()
    answer = signed.client.get("/webhooks").text
    assert me not in answer
    assert f"a candidate was deleted candidate {me[:8]}" in _plain(answer)


def test_the_page_takes_as_many_queries_for_many_as_for_few_and_goes_on(platform: Platform, signed: SignedIn) -> None:
    counts = []
    for people in (1, 15):
        for number in range(people):
            _story(platform, f"Person {number}")
        platform.store.webhooks.collect()
        signed.client.get("/webhooks")
        counts.append(statements_of(platform, lambda: signed.client.get("/webhooks")))
    assert counts[0] == counts[1]
    onward = re.search(r'href="(/webhooks\?after=[^"]+)"', signed.client.get("/webhooks").text)
    assert onward is not None
    second = signed.client.get(onward[1]).text
    # Sixteen people with four deliveries each, after fifty; and what is told.
    assert second.count('<th scope="row">') == 14 + 8
    assert "/webhooks/deliveries?after=" in second
    assert signed.client.get("/webhooks?after=x").status_code == 422


def test_the_api_lists_narrows_and_goes_on(platform: Platform) -> None:
    platform.store.webhooks.collect()
    _story(platform)
    _try(platform, *[Answer(204)] * 3, Answer(500))
    found = platform.get(f"{API}/deliveries?limit=3").get_json()
    assert len(found["deliveries"]) == 3
    rest = platform.get(f"{API}/deliveries?limit=3&after={found['next']}").get_json()
    assert len(rest["deliveries"]) == 1
    assert rest["next"] is None
    everything = found["deliveries"] + rest["deliveries"]
    assert sorted(each["state"] for each in everything) == ["delivered"] * 3 + ["waiting"]
    (failed,) = [each for each in everything if each["state"] == "waiting"]
    assert (failed["status"], failed["fault"], failed["attempts"]) == (500, "answered 500", 1)
    (graded,) = platform.get(f"{API}/deliveries?event=grading.finished").get_json()["deliveries"]
    assert graded["event"] == "grading.finished"
    assert platform.get(f"{API}/deliveries?event=nothing").status_code == 422
    refused = platform.post(f"{API}/test")
    assert refused.status_code == 409
    assert "MENDBOX_WEBHOOK_URL" in refused.get_json()["hint"]
