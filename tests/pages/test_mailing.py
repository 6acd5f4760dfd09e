"""Links and reminders by mail, and codes for passwords: what is sent, what is not, and what is told of it."""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from api.context import Services
from api.mailing import beside as beside_work
from api.mailing.beside import MOST, beside
from api.pages.account import mail_code
from store.records import AuditFilter, IssuedToken, Role
from tests.api.conftest import OTHER_PASSWORD, Platform, SignedIn
from tests.api.invited import ASSESSMENT, began, invited
from tests.pages.links import by_link
from tests.support.mail import MailServer

OWN = "http://mendbox.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture(autouse=True)
def _until_all_is_mailed() -> Iterator[None]:
    """Work that nobody waits for would run into the next test, and into a store that is closed."""
    yield
    until = time.monotonic() + 10
    while beside_work._places._value < MOST and time.monotonic() < until:
        time.sleep(0.02)


def with_mail(platform: Platform, port: int) -> Flask:
    """The same platform where mail is set up."""
    return platform.another_app(
        smtp_url=f"smtp://127.0.0.1:{port}?tls=none",
        mail_from="Hiring <no-reply@hiring.example>",
        public_url=OWN,
    )


@pytest.fixture
def signed(platform: Platform, server: MailServer) -> SignedIn:
    """A recruiter's browser where mail is set up."""
    return platform.sign_in(app=with_mail(platform, server.port))


def _source(platform: Platform) -> str:
    return platform.store.assessments.add(ASSESSMENT, author="somebody").id


def invite(signed: SignedIn, source: str, people: str, **fields: Any) -> TestResponse:
    """Send the form that invites people."""
    return signed.client.post(
        f"/assessments/{source}/invite",
        data={"people": people, "days": "14", **fields},
        headers=signed.headers,
        content_type="multipart/form-data",
    )


def _links(text: str) -> dict[str, str]:
    found = re.findall(r'value="([^"]+)" readonly data-select-all aria-label="Link of ([^"]+)"', text)
    return {html.unescape(name): html.unescape(link) for link, name in found}


def test_each_is_mailed_their_link_and_who_has_no_address_is_shown(
    platform: Platform, server: MailServer, signed: SignedIn
) -> None:
    people = "Ada <b>, A-1, ada@example.org\nGrace, A-2\nLin, lin@example.org"
    with capture_logs() as logs:
        answer = invite(signed, _source(platform), people, mail="1")
    assert answer.status_code == 200, answer.text
    assert list(_links(answer.text)) == ["Grace"]
    assert "no address" in answer.text
    assert "<p>Ada &lt;b&gt;, Lin</p>" in answer.text
    ada, lin = server.taken
    assert (ada.recipients, lin.recipients) == (["ada@example.org"], ["lin@example.org"])
    assert f"{OWN}/start#{ada.secret}" in ada.text
    found = platform.store.tokens.find(ada.secret)
    assert found is not None
    assert (found.name, found.candidate) == ("Ada <b>", "A-1")
    record = platform.store.invitations.of(found.id)
    assert record is not None
    assert record.email == "ada@example.org"
    assert ada.secret not in answer.text
    assert ada.secret not in str(logs)
    (deed,) = platform.store.audit.page(AuditFilter(action="invitation.mail")).items
    assert (deed.deed.actor, len(deed.deed.detail["tokens"])) == (signed.user.id, 2)


def test_nobody_is_mailed_who_is_not_to_be(platform: Platform, server: MailServer, signed: SignedIn) -> None:
    answer = invite(signed, _source(platform), "Ada, ada@example.org")
    assert list(_links(answer.text)) == ["Ada"]
    assert "no address" not in answer.text
    assert server.taken == []
    assert platform.store.audit.page(AuditFilter(action="invitation.mail")).items == ()


def test_links_whose_mail_was_not_sent_are_shown_with_the_reason(
    platform: Platform, server: MailServer, signed: SignedIn
) -> None:
    server.refuse("ada@example.org")
    people = "Ada, ada@example.org\nGrace, grace@example.org"
    with capture_logs() as logs:
        answer = invite(signed, _source(platform), people, mail="1")
    links = _links(answer.text)
    assert list(links) == ["Ada"]
    assert [(log["sent"], log["failed"]) for log in logs if log["event"] == "mail"] == [(1, 1)]
    assert "example.org" not in str(logs)
    assert "mbx_" not in str(logs)
    assert "the mail server refused the address: 550 no such mailbox" in answer.text
    assert platform.store.tokens.find(links["Ada"].partition("#")[2]) is not None


def test_a_mail_server_that_is_away_loses_nothing(platform: Platform) -> None:
    signed = platform.sign_in(app=with_mail(platform, 1))
    answer = invite(signed, _source(platform), "Ada, ada@example.org\nGrace, grace@example.org", mail="1")
    assert answer.status_code == 200
    assert list(_links(answer.text)) == ["Ada", "Grace"]
    assert "the mail server can&#39;t be reached" in answer.text


def test_where_no_mail_is_set_up_none_is_offered(platform: Platform) -> None:
    signed = platform.sign_in()
    source = _source(platform)
    assert 'name="mail"' not in signed.client.get(f"/assessments/{source}").text
    answer = invite(signed, source, "Ada, ada@example.org", mail="1")
    assert list(_links(answer.text)) == ["Ada"]
    assert "no address" not in answer.text


def test_a_wrong_list_keeps_the_tick(platform: Platform, signed: SignedIn) -> None:
    source = _source(platform)
    assert 'name="mail" value="1">' in signed.client.get(f"/assessments/{source}").text
    answer = invite(signed, source, "Ada, nobody@home", mail="1")
    assert (answer.status_code, "the mail address must be one" in answer.text) == (422, True)
    assert 'name="mail" value="1" checked>' in answer.text
    assert [each.name for each in platform.store.tokens.page(role=Role.CANDIDATE).items] == ["the candidate"]


def _ask_for_code(app: Flask, account: str, **headers: str) -> TestResponse:
    return app.test_client().post("/password/code", data={"account": account}, headers=headers)


def test_a_forgotten_password_is_replaced_by_a_code_that_is_mailed(platform: Platform, server: MailServer) -> None:
    app = with_mail(platform, server.port)
    user = platform.user(Role.RECRUITER, "ada@example.org")
    assert "Send me a code" in app.test_client().get("/password").text
    with capture_logs() as logs:
        answer = _ask_for_code(app, " Ada@example.org ")
        (mail,) = server.wait()
    assert (answer.status_code, "a code for it is on its way" in answer.text) == (200, True)
    assert mail.recipients == ["ada@example.org"]
    assert f"{OWN}/password?account=ada@example.org" in mail.text.replace("%40", "@")
    assert mail.secret not in answer.text + str(logs)
    assert "ada@" not in str(logs)
    # It counts from when the server has taken the mail.
    until = time.monotonic() + 10
    while not (deeds := platform.store.audit.page(AuditFilter(action="user.code")).items) and time.monotonic() < until:
        time.sleep(0.02)
    (deed,) = deeds
    assert (deed.deed.actor, deed.deed.object_id, deed.deed.detail) == ("anonymous", user.id, {"by": "mail"})
    chosen = {"account": "ada@example.org", "code": mail.secret, "new_password": OTHER_PASSWORD}
    assert app.test_client().post("/password", data=chosen).status_code == 303
    assert app.test_client().post("/password", data=chosen).status_code == 403


def test_a_code_that_can_not_be_mailed_takes_no_other_from_the_account(platform: Platform) -> None:
    user = platform.user(Role.RECRUITER, "ada@example.org")
    by_hand = platform.store.codes.issue(user.account)
    here: Services = with_mail(platform, 1).extensions["mendbox"]
    mail_code(here, user.account, f"{OWN}/password")
    assert platform.store.codes.owner(user.account, by_hand.text) is not None
    assert len(platform.store.audit.page(AuditFilter(action="user.code")).items) == 1


def test_an_answer_says_nothing_of_whether_there_is_the_account(
    platform: Platform, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = with_mail(platform, server.port)
    platform.user(Role.RECRUITER, "ada@example.org")
    platform.user(Role.RECRUITER, "closed@example.org")
    platform.store.users.disable("closed@example.org")
    platform.user(Role.RECRUITER, "grace")
    done: list[str] = []

    def notes(here: Any, account: str, form: str) -> None:
        mail_code(here, account, form)
        done.append(account)

    monkeypatch.setattr("api.pages.account.mail_code", notes)
    accounts = ("ada@example.org", "closed@example.org", "grace", "nobody@example.org", "x\r\nto: y@example.org")
    answers = {account: _ask_for_code(app, account) for account in accounts}
    texts = {answer.text.replace(html.escape(account), "") for account, answer in answers.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert len({re.sub(r'value="[^"]*"', "", text) for text in texts}) == 1
    until = time.monotonic() + 10
    while len(done) < len(accounts) and time.monotonic() < until:
        time.sleep(0.02)
    assert set(done) == set(accounts)
    assert [mail.recipients for mail in server.taken] == [["ada@example.org"]]


def test_codes_by_mail_are_counted_whether_there_is_the_account_or_not(platform: Platform, server: MailServer) -> None:
    app = with_mail(platform, server.port)
    for account in ("ada@example.org", "nobody@example.org"):
        found = [_ask_for_code(app, account) for _ in range(4)]
        assert [answer.status_code for answer in found] == [200, 200, 200, 429]
        assert "No more than 3 codes by mail in an hour" in found[-1].text
    others = platform.another_app(
        smtp_url="smtp://127.0.0.1:1?tls=none", mail_from="a@b.example", public_url=OWN, sign_ins_per_address=2
    )
    found = [_ask_for_code(others, f"a{number}@example.org") for number in range(3)]
    assert [answer.status_code for answer in found][-1] == 429


def test_no_code_is_sent_where_no_mail_is_set_up_nor_for_another_site(platform: Platform, server: MailServer) -> None:
    platform.user(Role.RECRUITER, "ada@example.org")
    assert "Send me a code" not in platform.client.get("/password").text
    assert _ask_for_code(platform.app, "ada@example.org").status_code == 404
    app = with_mail(platform, server.port)
    assert _ask_for_code(app, "ada@example.org", Origin="https://evil.example").status_code == 403
    assert _ask_for_code(app, " ").status_code == 422
    assert platform.store.audit.page(AuditFilter(action="user.code")).items == ()


def test_work_beside_is_bounded_and_its_faults_are_logged_without_what_it_was_about() -> None:
    over, entered = threading.Event(), threading.Semaphore(0)

    def waits() -> None:
        entered.release()
        over.wait(10)
        raise ValueError("ada@example.org")

    with capture_logs() as logs:
        assert [beside(waits, pause_s=0) for _ in range(MOST)] == [True] * MOST
        assert all(entered.acquire(timeout=10) for _ in range(MOST))
        assert not beside(waits, pause_s=0)
        over.set()
        until = time.monotonic() + 10
        while len(logs) < MOST + 1 and time.monotonic() < until:
            time.sleep(0.02)
        done = threading.Event()
        while not beside(done.set, pause_s=0):
            time.sleep(0.02)
        assert done.wait(10)
    assert [log["log_level"] for log in logs] == ["warning"] + ["error"] * MOST
    assert "ada" not in str(logs)


def _candidate(
    platform: Platform, name: str = "Ada", email: str | None = "ada@example.org", **more: Any
) -> IssuedToken:
    return invited(platform, name, email=email, **more)


def test_a_new_link_ends_the_one_before_it_and_is_mailed(
    platform: Platform, server: MailServer, signed: SignedIn
) -> None:
    token = _candidate(platform)
    browser, proof = by_link(platform, token)
    assert browser.post("/work/begin", data={"consent": "1"}, headers=proof).status_code == 303
    assert "ada@example.org" in signed.client.get(f"/people/{token.record.id}").text
    answer = signed.client.post(f"/people/{token.record.id}/link", headers=signed.headers)
    assert (answer.status_code, "It was sent to ada@example.org." in answer.text) == (200, True)
    (mail,) = server.taken
    link = re.search(r'value="([^"]+#mbx_[^"]+)" readonly', answer.text)
    assert link is not None
    assert link[1] == f"{OWN}/start#{mail.secret}"
    assert mail.message["Subject"] == "A new link: Backend developer"
    assert platform.store.tokens.find(token.text) is None
    found = platform.store.tokens.find(mail.secret)
    assert found is not None
    assert found.id == token.record.id
    assert browser.get("/work").status_code == 303  # to where a link leads
    record = platform.store.invitations.of(token.record.id)
    assert record is not None
    assert record.began_at is not None
    for deed in ("token.renew", "invitation.mail"):
        (written,) = platform.store.audit.page(AuditFilter(action=deed)).items
        assert (written.deed.actor, written.deed.object_id) == (signed.user.id, token.record.id)
    assert "mbx_" not in signed.client.get(f"/people/{token.record.id}").text


def test_a_new_link_is_shown_also_where_its_mail_is_refused_or_there_is_no_address(
    platform: Platform, server: MailServer, signed: SignedIn
) -> None:
    server.refuse("ada@example.org")
    for email, says in (("ada@example.org", "It was not sent to ada@example.org: the mail server refused"), (None, "")):
        token = _candidate(platform, email=email)
        answer = signed.client.post(f"/people/{token.record.id}/link", headers=signed.headers)
        assert says in answer.text
        link = re.search(r'#(mbx_[^"]+)" readonly', answer.text)
        assert link is not None
        assert platform.store.tokens.find(link[1]) is not None


def test_a_link_that_was_ended_is_not_renewed(platform: Platform, signed: SignedIn) -> None:
    token = _candidate(platform)
    platform.store.tokens.revoke(token.record.id)
    assert "Send a new link" not in signed.client.get(f"/people/{token.record.id}").text
    assert signed.client.post(f"/people/{token.record.id}/link", headers=signed.headers).status_code == 409
    assert platform.store.tokens.get(token.record.id).prefix == token.record.prefix


def test_who_has_not_begun_is_reminded_once_a_day(platform: Platform, server: MailServer, signed: SignedIn) -> None:
    token = _candidate(platform)
    path = f"/people/{token.record.id}/remind"
    assert "Remind them" in signed.client.get(f"/people/{token.record.id}").text
    first, second = (signed.client.post(path, headers=signed.headers).text for _ in range(2))
    assert "1 reminder sent: Ada" in first
    assert "was reminded within a day" in second
    (mail,) = server.taken
    assert mail.message["Subject"] == "Not begun yet: Backend developer"
    assert "#mbx_" not in mail.text
    assert platform.store.tokens.find(token.text) is not None
    (deed,) = platform.store.audit.page(AuditFilter(action="invitation.remind")).items
    assert (deed.deed.actor, deed.deed.object_id) == (signed.user.id, token.record.id)


def test_all_of_an_assessment_are_reminded_who_can_begin_and_have_an_address(
    platform: Platform, server: MailServer, signed: SignedIn
) -> None:
    source = _source(platform)
    server.refuse("grace@example.org")
    at_work = _candidate(platform, "At work", "at-work@example.org", source=source)
    began(platform, at_work, ago=timedelta(minutes=5))
    gone = _candidate(platform, "Gone", "gone@example.org", source=source)
    platform.store.tokens.revoke(gone.record.id)
    for name, email in (("Ada", "ada@example.org"), ("Grace", "grace@example.org"), ("Lin", None)):
        _candidate(platform, name, email, source=source)
    _candidate(platform, "Late", "late@example.org", source=source, closes_in=-timedelta(minutes=1))
    _candidate(platform, "Other", "other@example.org")
    assert "Remind those who have not begun" in signed.client.get(f"/assessments/{source}").text
    answer = signed.client.post(f"/assessments/{source}/remind", headers=signed.headers)
    assert "1 reminder sent" in answer.text
    assert [mail.recipients for mail in server.taken] == [["ada@example.org"]]
    assert "refused the address" in answer.text
    for name in ("At work", "Gone", "Lin", "Late", "Other"):
        assert name not in answer.text
    # Who got none may get one today.
    again = signed.client.post(f"/assessments/{source}/remind", headers=signed.headers).text
    assert ("refused the address" in again, "was reminded within a day" in again) == (True, True)


def test_nobody_is_reminded_where_nobody_is_to_be(platform: Platform, server: MailServer, signed: SignedIn) -> None:
    token = _candidate(platform, email=None)
    assert "Remind them" not in signed.client.get(f"/people/{token.record.id}").text
    for path in (f"/people/{token.record.id}/remind", f"/assessments/{_source(platform)}/remind"):
        answer = signed.client.post(path, headers=signed.headers)
        assert (answer.status_code, "nobody to remind" in answer.text) == (200, True)
    assert server.taken == []


def test_without_mail_there_is_a_new_link_and_no_reminder(platform: Platform) -> None:
    signed = platform.sign_in()
    token = _candidate(platform)
    shown = signed.client.get(f"/people/{token.record.id}").text
    assert ("Send a new link" in shown, "Remind them" in shown) == (True, False)
    assert "#mbx_" in signed.client.post(f"/people/{token.record.id}/link", headers=signed.headers).text
    for path in (f"/people/{token.record.id}/remind", f"/assessments/{_source(platform)}/remind"):
        assert signed.client.post(path, headers=signed.headers).status_code == 404


def test_links_and_reminders_are_for_recruiters(platform: Platform, server: MailServer) -> None:
    signed = platform.sign_in(Role.ENGINEER, with_mail(platform, server.port))
    token = _candidate(platform)
    paths = (f"/people/{token.record.id}/link", f"/people/{token.record.id}/remind", "/assessments/backend/remind")
    for path in paths:
        assert signed.client.post(path, headers=signed.headers).status_code == 403
        assert signed.client.post(path).status_code == 403
    assert platform.store.tokens.find(token.text) is not None
    assert server.taken == []
