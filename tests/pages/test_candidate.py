"""What a candidate meets who comes by their link: the brief, the starter, a form, and what they may see of a grade."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from runner.submissions.model import Submission
from store.records import AuditFilter, NewToken, Origin, Role, SourceKind
from tests.api.conftest import Platform
from tests.api.sample import ASSESSORS_ONLY, CANARY, FIX_ZIP, FIXED, OTHER, PATCH, SLUG
from tests.pages.links import by_link, statements_of


def _sent(platform: Platform, data: bytes, name: str) -> tuple[int, str, str]:
    client, proof = by_link(platform)
    answer = client.post(f"/work/{SLUG}", data={"file": (io.BytesIO(data), name)}, headers=proof)
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def test_they_see_their_own_challenges_and_no_other(platform: Platform) -> None:
    client, _ = by_link(platform)
    text = client.get("/work").text
    assert f'href="/work/{SLUG}"' in text
    assert "nothing sent yet" in text
    assert OTHER not in text
    assert client.get(f"/work/{OTHER}").status_code == 404
    assert client.get(f"/work/{OTHER}/starter.zip").status_code == 404
    task = client.get(f"/work/{SLUG}").text
    assert "A greeter that greets nobody" in task
    assert CANARY not in text + task
    starter = client.get(f"/work/{SLUG}/starter.zip")
    with zipfile.ZipFile(io.BytesIO(starter.data)) as archive:
        assert any(name.endswith("app.py") for name in archive.namelist())


@pytest.mark.parametrize(("data", "name"), [(FIX_ZIP, "My Fix.ZIP"), (PATCH, "fix.patch"), (PATCH, "changes.txt")])
def test_a_fix_is_taken_in_and_followed_to_its_grade(platform: Platform, data: bytes, name: str) -> None:
    status, _, location = _sent(platform, data, name)
    assert status == 303
    client, _ = by_link(platform)
    shown = client.get(location)
    assert "waits in the queue, as number 1" in shown.text
    assert f'hx-get="{location}/state"' in shown.text
    (stored,) = platform.store.submissions.page().items
    assert (stored.submission.challenge, stored.submission.token_id) == (
        SLUG,
        platform.tokens[Role.CANDIDATE].record.id,
    )


def test_a_grade_is_shown_as_far_as_candidates_may_see_it(platform: Platform) -> None:
    submission = platform.graded()
    client, _ = by_link(platform)
    text = client.get(f"/work/attempts/{submission.id}").text
    for says in ("Your grade", "It greets", "GET / does not greet.", "did not"):
        assert says in text, says
    assert ASSESSORS_ONLY not in text
    assert CANARY not in text
    part = client.get(f"/work/attempts/{submission.id}/state", headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    assert "of 100" in client.get("/work").text
    assert f'href="/work/attempts/{submission.id}"' in client.get(f"/work/{SLUG}").text


def test_nobody_sees_anothers(platform: Platform) -> None:
    submission = platform.graded()
    other = platform.store.tokens.create(NewToken("other", Role.CANDIDATE, (SLUG,)))
    client, _ = by_link(platform, other)
    for path in (f"/work/attempts/{submission.id}", f"/work/attempts/{submission.id}/state", "/work/attempts/x"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "", "Choose a file first."),
        (b"", "fix.zip", "the upload is empty"),
        (b"no patch", "fix.patch", "patch"),
        (b"\x1f\x8bno archive", "fix.tgz", "gzip"),
    ],
)
def test_what_can_not_be_taken_is_said_beside_the_form_and_costs_nothing(
    platform: Platform, data: bytes, name: str, says: str
) -> None:
    status, text, _ = _sent(platform, data, name)
    assert (status, says in text) == (422, True), text
    assert "The brief" in text
    assert platform.store.submissions.page().items == ()


def test_two_clicks_on_one_form_are_one_attempt(platform: Platform) -> None:
    client, proof = by_link(platform)
    key = re.search(r'name="key" value="([^"]+)"', client.get(f"/work/{SLUG}").text)
    assert key is not None
    sent = [
        client.post(f"/work/{SLUG}", data={"file": (io.BytesIO(FIX_ZIP), "a.zip"), "key": key[1]}, headers=proof)
        for _ in range(2)
    ]
    assert sent[0].headers["Location"] == sent[1].headers["Location"]
    assert len(platform.store.submissions.page().items) == 1


def test_another_fix_by_a_form_that_was_used_is_told_so_and_can_be_sent_once_more(platform: Platform) -> None:
    client, proof = by_link(platform)
    sent = [
        client.post(f"/work/{SLUG}", data={"file": (io.BytesIO(data), "a"), "key": "once"}, headers=proof)
        for data in (FIX_ZIP, PATCH.replace(b"app = Flask", b"made = Flask").replace(b"return app", b"return made"))
    ]
    assert [answer.status_code for answer in sent] == [303, 409]
    assert "send it once more" in sent[1].text
    assert 'value="once"' not in sent[1].text


def test_what_is_too_large_is_told_with_what_to_leave_out(platform: Platform) -> None:
    client, proof = by_link(platform)
    kind = "multipart/form-data; boundary=b"
    answer = client.post(f"/work/{SLUG}", data=b"x" * 4_000_000, content_type=kind, headers=proof)
    assert (answer.status_code, "leave out .git" in answer.text) == (413, True)
    assert 'data-most-bytes="' in client.get(f"/work/{SLUG}").text


def test_a_grade_stays_in_sight_when_the_challenge_is_gone(platform: Platform) -> None:
    submission = platform.graded()
    shutil.rmtree(Path(platform.settings.challenges) / SLUG)
    app = platform.another_app()
    again = app.test_client()
    assert again.post("/start", data={"code": platform.tokens[Role.CANDIDATE].text}).status_code == 303
    shown = again.get(f"/work/attempts/{submission.id}")
    assert (shown.status_code, "Your grade" in shown.text) == (200, True)
    assert "can't be shown at present" in shown.text
    assert "1 of your challenges" in again.get("/work").text


def test_who_is_at_work_is_asked_before_somebody_else_takes_their_place(platform: Platform) -> None:
    client, _ = by_link(platform)
    text = client.get("/start").text
    assert "This browser is at work for the candidate." in text
    assert "data-at-once" not in text
    assert "data-at-once" in platform.client.get("/start").text


def test_a_link_that_ended_in_mid_work_is_told_and_forgotten(platform: Platform) -> None:
    client, proof = by_link(platform)
    platform.store.tokens.revoke(platform.tokens[Role.CANDIDATE].record.id)
    sent = client.post(f"/work/{SLUG}", data={"file": (io.BytesIO(FIX_ZIP), "a.zip")}, headers=proof)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/start")
    told = client.get("/start")
    assert "was not taken in" in told.text
    assert client.get_cookie("mendbox_link") is None
    assert "was not taken in" not in client.get("/start").text


def test_reading_scores_is_written_down_once_a_minute(platform: Platform) -> None:
    platform.graded()
    client, _ = by_link(platform)
    for _ in range(3):
        client.get("/work")
        client.get(f"/work/{SLUG}")
    (read,) = platform.store.audit.page(AuditFilter(action="grades.list")).items
    assert read.deed.actor == platform.tokens[Role.CANDIDATE].record.id


def test_more_challenges_take_no_more_queries(platform: Platform) -> None:
    def statements(*slugs: str) -> int:
        token = platform.store.tokens.create(NewToken("Ada", Role.CANDIDATE, slugs))
        client, _ = by_link(platform, token)
        for slug in slugs:
            platform.store.submissions.add(
                Submission({"app.py": FIXED}), Origin(slug, "sha256:c", SourceKind.ARCHIVE, token.record.id)
            )
        client.get("/work")
        return statements_of(platform, lambda: client.get("/work"))

    assert statements(SLUG, OTHER) == statements(SLUG)


def test_the_plain_address_leads_candidates_to_their_work(platform: Platform) -> None:
    client, _ = by_link(platform)
    assert client.get("/").headers["Location"] == "/work"
    assert 'href="/work"' in client.get("/work/attempts/x").text


def test_too_many_attempts_are_told_when_to_come_back(platform: Platform) -> None:
    app = platform.another_app(submissions_per_hour=1)
    client = app.test_client()
    assert client.post("/start", data={"code": platform.tokens[Role.CANDIDATE].text}).status_code == 303
    _, proof = by_link(platform)
    answers = [
        client.post(f"/work/{SLUG}", data={"file": (io.BytesIO(FIX_ZIP), "a.zip")}, headers=proof) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 429]
    assert "No more than 1 submissions in an hour. Try again in" in answers[1].text
    assert int(answers[1].headers["Retry-After"]) > 0


def test_a_link_that_is_not_good_says_so(platform: Platform) -> None:
    revoked = platform.store.tokens.create(NewToken("gone", Role.CANDIDATE, (SLUG,)))
    platform.store.tokens.revoke(revoked.record.id)
    for code in ("", "x", "mbx_" + "a" * 43, revoked.text, platform.tokens[Role.ADMIN].text):
        answer = platform.client.post("/start", data={"code": code})
        assert (answer.status_code, "not good" in answer.text) == (401, True)
        assert "Set-Cookie" not in answer.headers
        assert len(code) < 10 or code not in answer.text
    evil = platform.client.post(
        "/start", data={"code": platform.tokens[Role.CANDIDATE].text}, headers={"Origin": "https://evil.example"}
    )
    assert (evil.status_code, "Set-Cookie" in evil.headers) == (403, False)


def test_a_link_is_of_no_use_at_the_api_and_the_cookie_is_out_of_reach(platform: Platform) -> None:
    client = platform.app.test_client()
    cookie = client.post("/start", data={"code": platform.tokens[Role.CANDIDATE].text}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    for path in ("/api/v1/me", f"/api/v1/challenges/{SLUG}/starter.zip", "/submissions"):
        assert client.get(path).status_code in (401, 303)


def test_with_tls_the_links_cookie_is_for_this_host_and_tls_alone(platform: Platform) -> None:
    app = platform.another_app(public_url="https://grades.example.org")
    answer = app.test_client().post(
        "/start", data={"code": platform.tokens[Role.CANDIDATE].text}, base_url="https://grades.example.org"
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-mendbox-link=mbx_")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie.split("; ")
    assert "Domain" not in cookie


def test_an_assessor_can_look_at_what_candidates_see(platform: Platform) -> None:
    signed = platform.sign_in()
    issued = platform.store.tokens.create(NewToken("preview", Role.CANDIDATE, (SLUG,)))
    assert signed.client.post("/start", data={"code": issued.text}).status_code == 303
    assert "preview" in signed.client.get("/work").text
    assert signed.user.account in signed.client.get("/submissions").text


def test_leaving_forgets_the_link(platform: Platform) -> None:
    client, proof = by_link(platform)
    assert client.post("/leave", headers=proof).headers["Location"] == "/start"
    assert client.get("/work").headers["Location"] == "/start"
