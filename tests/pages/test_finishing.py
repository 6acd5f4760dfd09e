"""A candidate says that they are done, before their time is up; and a recruiter lets them go on."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from runner.packages.manifest import Area
from store.records import AuditFilter, DraftChange
from store.reviewed import Explanation
from tests.api.conftest import Platform
from tests.api.invited import ASSESSMENT, began, invited
from tests.api.sample import FIX_ZIP, OTHER, SLUG
from tests.pages.links import by_link, statements_of


def _rows(text: str) -> dict[str, str]:
    """What the table says of each challenge."""
    found = re.findall(r'<tr><th scope="row"><a href="/work/([^"]+)">[^<]*</a></th>(.*?)</tr>', text)
    return {slug: " ".join(re.sub(r"<[^>]+>", " ", cells).split()) for slug, cells in found}


def test_they_see_first_what_is_sent_and_what_is_not(platform: Platform) -> None:
    token = invited(platform)
    began(platform, token, ago=timedelta(minutes=30))
    client, proof = by_link(platform, token)
    me = token.record.id
    assert _rows(client.get("/work/done").text) == {
        SLUG: "nothing sent nothing written Write it",
        OTHER: "nothing sent nothing written Write it",
    }
    fix = {"file": (io.BytesIO(FIX_ZIP), "fix.zip")}
    platform.store.drafts.save(me, SLUG, DraftChange("app.py", "x = 1\n", 0))
    assert client.post(f"/work/{SLUG}", data=fix, headers=proof).status_code == 303
    platform.store.drafts.save(me, OTHER, DraftChange("app.py", "x = 1\n", 0))
    platform.store.explanations.save(me, SLUG, Explanation("a", "b", ""))
    platform.store.explanations.save(me, OTHER, Explanation("a", "b", "c"))
    rows = _rows(client.get("/work/done").text)
    assert rows[SLUG].endswith("UTC not written: what next Write it")
    assert rows[OTHER] == "nothing sent What you wrote in the editor is not sent. See it and send written"
    platform.store.drafts.save(me, SLUG, DraftChange("app.py", "x = 2\n", 1))
    assert "What you wrote in the editor since is not sent." in _rows(client.get("/work/done").text)[SLUG]


def test_nobody_is_done_without_saying_that_they_have_looked(platform: Platform) -> None:
    token = invited(platform)
    began(platform, token, ago=timedelta(minutes=30))
    client, proof = by_link(platform, token)
    assert client.post("/work/done", data={"sure": ""}, headers=proof).status_code == 422
    assert client.get("/work/done").status_code == 200
    found = platform.store.invitations.of(token.record.id)
    assert found is not None
    assert found.done_at is None


def test_after_it_nothing_more_is_taken_until_a_recruiter_lets_them_go_on(platform: Platform) -> None:
    token = invited(platform)
    began(platform, token, ago=timedelta(minutes=30))
    client, proof = by_link(platform, token)
    assert 'href="/work/done"' in client.get("/work").text
    assert client.post("/work/done", data={"sure": "1"}, headers=proof).status_code == 303
    text = client.get("/work").text
    assert "You said that you are done" in text
    assert 'href="/work/done"' not in text
    assert client.get("/work/done").status_code == 303
    assert "You said that you are done, so nothing more is taken." in client.get(f"/work/{SLUG}").text
    fix = {"file": (io.BytesIO(FIX_ZIP), "fix.zip")}
    refused = client.post(f"/work/{SLUG}", data=fix, headers=proof)
    assert (refused.status_code, "that you are done" in refused.text) == (403, True)
    assert client.post(f"/work/{SLUG}/explanation", data={"cause": "x"}, headers=proof).status_code == 403
    signed, where = platform.sign_in(), f"/people/{token.record.id}"
    text = signed.client.get(where).text
    assert re.search(r"<dt>Status</dt><dd>done at [0-9: -]+ UTC</dd>", text)
    why = {"reopen_reason": " "}
    refused = signed.client.post(f"{where}/reopen", data=why, headers=signed.headers)
    assert (refused.status_code, "Give a reason" in refused.text) == (422, True)
    why = {"reopen_reason": "the wrong button"}
    assert signed.client.post(f"{where}/reopen", data=why, headers=signed.headers).status_code == 303
    assert "at work, 1 h 00 min left" in signed.client.get(where).text
    (deed,) = platform.store.audit.page(AuditFilter(action="invitation.reopen")).items
    assert (deed.deed.actor, deed.deed.detail["reason"]) == (signed.user.id, "the wrong button")
    assert signed.client.post(f"{where}/reopen", data=why, headers=signed.headers).status_code == 409
    fix = {"file": (io.BytesIO(FIX_ZIP), "fix.zip")}
    assert client.post(f"/work/{SLUG}", data=fix, headers=proof).status_code == 303


def test_files_for_recruiters_say_when(platform: Platform) -> None:
    token = invited(platform, source=platform.store.assessments.add(ASSESSMENT, author="x").id)
    record = platform.store.invitations.begin(token.record.id)
    done_at = platform.store.invitations.finish(token.record.id).done_at
    assert done_at is not None
    signed = platform.sign_in()
    (row,) = signed.client.get(f"/assessments/{record.source}/candidates.json").get_json()["candidates"]
    assert (row["done_at"], row["over"]) == (done_at.isoformat(timespec="seconds"), True)
    assert (
        done_at.isoformat(timespec="seconds") in signed.client.get(f"/assessments/{record.source}/candidates.csv").text
    )
    kept = signed.client.get(f"/people/{token.record.id}/everything.json").get_json()["invitation"]
    assert kept["done_at"] == done_at.isoformat(timespec="seconds")


@pytest.mark.parametrize("minutes", [None, 100])
def test_there_is_nothing_to_end_before_it_begins_or_when_it_is_over(platform: Platform, minutes: int | None) -> None:
    token = invited(platform)
    if minutes is not None:
        began(platform, token, ago=timedelta(minutes=minutes))
    client, proof = by_link(platform, token)
    assert client.get("/work/done").status_code == 303
    assert client.post("/work/done", data={"sure": "1"}, headers=proof).status_code == 303
    found = platform.store.invitations.of(token.record.id)
    assert found is not None
    assert found.done_at is None


def test_more_challenges_take_no_more_queries(platform: Platform) -> None:
    found = []
    for slugs in (ASSESSMENT.challenges[:1], ASSESSMENT.challenges):
        token = invited(platform, assessment=ASSESSMENT.model_copy(update={"challenges": slugs}))
        began(platform, token, ago=timedelta(minutes=5))
        client, _ = by_link(platform, token)
        found.append(statements_of(platform, lambda client=client: client.get("/work/done")))  # type: ignore[misc]
    assert found[0] == found[1]


def test_they_are_told_before_what_counts_and_meanwhile_what_is_missing(platform: Platform) -> None:
    weighed = ASSESSMENT.model_copy(update={"weights": {Area.PRACTICAL: 80, Area.PROBLEM_SOLVING: 20}})
    token = invited(platform, assessment=weighed)
    client, _ = by_link(platform, token)
    assert "they are 20 of the 100 points" in client.get("/work").text
    began(platform, token, ago=timedelta(minutes=30))
    platform.store.drafts.save(token.record.id, SLUG, DraftChange("app.py", "x = 1\n", 0))
    platform.store.explanations.save(token.record.id, SLUG, Explanation("a", "b", "c"))
    text = client.get("/work").text
    assert (text.count("changed in the editor, not sent"), text.count("nothing written about it yet")) == (1, 1)
    assert "Of the 100 points of the assessment, 20 are for this." in client.get(f"/work/{OTHER}").text
    plain, _ = by_link(platform, invited(platform, "Grace"))
    assert "of the 100 points" not in plain.get("/work").text
