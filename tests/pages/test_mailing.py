"""Links and reminders by mail, and codes for passwords: what is sent, what is not, and what is told of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from store.records import AuditFilter, Role
from tests.api.conftest import Platform, SignedIn
from tests.api.invited import ASSESSMENT
from tests.support.mail import MailServer

OWN = "http://mendbox.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


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
    answer = invite(signed, _source(platform), people, mail="1")
    links = _links(answer.text)
    assert list(links) == ["Ada"]
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
