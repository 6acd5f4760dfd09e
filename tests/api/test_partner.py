"""The API for recruiting systems: what is listed, who is sent what, and how it is told to stand."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from api.partner import _SENT
from api.quotas import DAY_S, Rule
from store.assessment_tables import InvitationRow
from store.records import AuditFilter, IssuedToken, NewToken, Origin, Role, SourceKind, SubmissionFilter
from tests.api.conftest import Platform
from tests.api.invited import ASSESSMENT, invited
from tests.api.partners import APPLICATION, PARTNER, a_test, by_key, partner_key, wanted
from tests.api.sample import OTHER, SLUG, grade_of
from tests.pages.test_mailing import with_mail
from tests.store.examples import CHANGE
from tests.support.mail import MailServer

UNKNOWN = "0" * 32


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def key(platform: Platform) -> IssuedToken:
    return partner_key(platform)


def _send(app: Flask, key: IssuedToken, body: dict[str, Any]) -> TestResponse:
    return app.test_client().post(f"{PARTNER}/send_test", headers=by_key(key.text), json=body)


def _status(platform: Platform, key: IssuedToken, id: str) -> TestResponse:  # noqa: A002
    query = {"partner_interview_id": id}
    return platform.client.get(f"{PARTNER}/test_status", headers=by_key(key.text), query_string=query)


def _move(platform: Platform, of: str, **values: Any) -> None:
    with platform.store.engine.begin() as connection:
        connection.execute(update(InvitationRow).where(InvitationRow.token_id == of).values(**values))


def _work(platform: Platform, of: str, *, grade: bool = True) -> None:
    """Have the candidate send something to each challenge, and have it graded."""
    for slug in (SLUG, OTHER):
        origin = Origin(slug, "sha256:c", SourceKind.ARCHIVE, of)
        grading = platform.store.submissions.add(CHANGE, origin)[1]
        if grade:
            claim = platform.claim(grading)
            assert platform.store.claims.record_grade(claim, grade_of(claim))


def test_the_tests_are_the_assessments_that_people_may_be_invited_to(platform: Platform, key: IssuedToken) -> None:
    there, archived = a_test(platform), a_test(platform)
    platform.store.assessments.archive(archived, actor="somebody")

    answer = platform.client.get(f"{PARTNER}/list_tests", headers=by_key(key.text))

    assert answer.status_code == 200
    assert answer.get_json() == [{"partner_test_id": there, "partner_test_name": "Backend developer"}]


def test_who_is_sent_a_test_gets_their_link_by_mail_and_the_answer_has_the_id_alone(
    platform: Platform, key: IssuedToken, server: MailServer
) -> None:
    app = with_mail(platform, server.port)

    answer = _send(app, key, wanted(a_test(platform)))

    assert (answer.status_code, list(answer.get_json())) == (200, ["partner_interview_id"])
    (mail,) = server.taken
    assert mail.recipients == ["ada@example.org"]
    invitation = platform.store.invitations.of(answer.get_json()["partner_interview_id"])
    assert invitation is not None
    assert (invitation.email, invitation.assessment) == ("ada@example.org", ASSESSMENT)
    assert platform.store.tokens.get(invitation.token_id).name == "Ada Lovelace"


def test_the_same_request_is_one_invitation_and_one_mail(
    platform: Platform, key: IssuedToken, server: MailServer
) -> None:
    app, test = with_mail(platform, server.port), a_test(platform)
    another_key = partner_key(platform, Role.ADMIN)
    said = [
        _send(app, each, wanted(test, email)).get_json()
        for each, email in ((key, "ada@example.org"), (key, "ADA@example.org"), (another_key, "ada@example.org"))
    ]

    assert len(server.taken) == 1
    assert said[1:] == said[:-1]
    # Another test, person or application is another request.
    for body in (
        wanted(a_test(platform)),
        wanted(test, "grace@example.org"),
        wanted(test, greenhouse_profile_url=f"{APPLICATION}0"),
    ):
        assert _send(app, key, body).get_json() not in said
    assert len(server.taken) == 4


def test_without_mail_the_answer_has_the_link_and_again_another_as_long_as_nobody_used_it(
    platform: Platform, key: IssuedToken
) -> None:
    body = wanted(a_test(platform))
    first, second = (_send(platform.app, key, body).get_json() for _ in range(2))

    assert first["partner_interview_id"] == second["partner_interview_id"]
    assert first["not_mailed"] == "no mail is set up here"
    texts = [each["candidate_link"].partition("/start#")[2] for each in (first, second)]
    assert platform.store.tokens.find(texts[0]) is None
    found = platform.store.tokens.find(texts[1])
    assert found is not None
    assert found.id == first["partner_interview_id"]
    # It was used just now: whoever asks again is told no way in any more.
    assert list(_send(platform.app, key, body).get_json()) == ["partner_interview_id"]


def test_a_mail_that_was_refused_is_told_with_the_link_and_sent_when_it_is_asked_for_again(
    platform: Platform, key: IssuedToken, server: MailServer
) -> None:
    body = wanted(a_test(platform))
    refused = _send(with_mail(platform, 1), key, body).get_json()
    assert "mail server" in refused["not_mailed"]
    assert "/start#mbx_" in refused["candidate_link"]

    again = _send(with_mail(platform, server.port), key, body).get_json()

    assert again == {"partner_interview_id": refused["partner_interview_id"]}
    assert len(server.taken) == 1


def test_one_that_can_not_be_begun_any_more_makes_room_and_one_that_was_begun_does_not(
    platform: Platform, key: IssuedToken
) -> None:
    body, past = wanted(a_test(platform)), datetime.now(UTC) - timedelta(days=1)
    first = _send(platform.app, key, body).get_json()["partner_interview_id"]
    _move(platform, first, closes_at=past)
    second = _send(platform.app, key, body).get_json()["partner_interview_id"]
    platform.store.tokens.revoke(second)
    third = _send(platform.app, key, body).get_json()["partner_interview_id"]
    assert len({first, second, third}) == 3
    assert [_status(platform, key, each).get_json()["partner_status"] for each in (first, second, third)] == [
        *("expired", "expired", "sent")
    ]

    platform.store.invitations.begin(third)
    _move(platform, third, closes_at=past)
    platform.store.tokens.revoke(third)
    assert _send(platform.app, key, body).get_json()["partner_interview_id"] == third


def test_a_test_is_complete_when_its_time_is_over_and_everything_is_graded(
    platform: Platform, key: IssuedToken
) -> None:
    of = _send(platform.app, key, wanted(a_test(platform))).get_json()["partner_interview_id"]
    seen = [_status(platform, key, of).get_json()]
    platform.store.invitations.begin(of)
    _work(platform, of)
    seen.append(_status(platform, key, of).get_json())
    assert [(each["partner_status"], each["partner_score"]) for each in seen] == [("sent", None), ("started", None)]
    assert "Passed" not in seen[1]["metadata"]

    _move(platform, of, began_at=datetime.now(UTC) - timedelta(days=2))
    done = _status(platform, key, of).get_json()

    assert (done["partner_status"], type(done["partner_score"])) == ("complete", int)
    assert done["partner_profile_url"].endswith(f"/people/{of}")
    assert done["metadata"]["Pass line"] == 60
    assert all(isinstance(value, str | int | float | bool | None) for value in done["metadata"].values())
    (deed,) = platform.store.audit.page(AuditFilter(action="grades.list")).items
    assert (deed.deed.actor, deed.deed.detail) == (key.record.id, {"tokens": [of]})


def test_what_still_waits_to_be_graded_keeps_a_test_from_being_complete(platform: Platform, key: IssuedToken) -> None:
    of = _send(platform.app, key, wanted(a_test(platform))).get_json()["partner_interview_id"]
    platform.store.invitations.begin(of)
    _work(platform, of)
    _move(platform, of, began_at=datetime.now(UTC) - timedelta(days=2))
    submission = platform.store.submissions.page(SubmissionFilter(token_id=of)).items[0].submission
    regrade = platform.store.gradings.regrade(submission.id)
    assert _status(platform, key, of).get_json()["partner_status"] == "started"
    claim = platform.claim(regrade)
    assert _status(platform, key, of).get_json()["partner_status"] == "started"
    assert platform.store.claims.record_grade(claim, grade_of(claim))
    assert _status(platform, key, of).get_json()["partner_status"] == "complete"


def test_what_no_recruiting_system_asked_for_it_is_not_told_of(platform: Platform, key: IssuedToken) -> None:
    others = invited(platform).record.id
    for of in (others, platform.tokens[Role.CANDIDATE].record.id, UNKNOWN, "1 OR 1=1", "x" * 100):
        answer = _status(platform, key, of)
        assert (answer.status_code, answer.get_json(force=True)["type"]) == (404, "urn:mendbox:problem:not-found"), of


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"email": "no address"}, 422),
        ({"email": "ada@example.org, eve@example.org"}, 422),
        ({"first_name": ""}, 200),
        ({"first_name": " ", "last_name": ""}, 422),
        ({"first_name": "A\u202eda"}, 422),
        ({"first_name": "x" * 101}, 422),
        ({"first_name": "x" * 100, "last_name": "y" * 100}, 422),
        ({"greenhouse_profile_url": "javascript:alert(1)"}, 422),
        ({"greenhouse_profile_url": "https://ats.example/" + "x" * 500}, 422),
        ({"greenhouse_profile_url": None}, 200),
    ],
)
def test_a_candidate_that_makes_no_sense_is_refused(
    platform: Platform, key: IssuedToken, changes: dict[str, Any], status: int
) -> None:
    before = len(platform.store.tokens.page().items)
    answer = _send(platform.app, key, wanted(a_test(platform), **changes))

    assert answer.status_code == status, answer.text
    assert len(platform.store.tokens.page().items) == before + (status == 200)


def test_a_test_that_is_not_there_or_can_not_be_sent_is_told_apart(platform: Platform, key: IssuedToken) -> None:
    archived = a_test(platform)
    platform.store.assessments.archive(archived, actor="somebody")
    for test, status in ((UNKNOWN, 404), ("nowhere", 404), (archived, 409)):
        assert _send(platform.app, key, wanted(test)).status_code == status, test


def test_the_address_that_a_request_names_is_not_called(platform: Platform, key: IssuedToken) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        body = wanted(a_test(platform)) | {"url": f"http://127.0.0.1:{listening.getsockname()[1]}/called"}
        of = _send(platform.app, key, body).get_json()["partner_interview_id"]
        platform.store.invitations.begin(of)
        _move(platform, of, began_at=datetime.now(UTC) - timedelta(days=2))
        assert _status(platform, key, of).get_json()["partner_status"] == "complete"
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_a_key_sends_so_many_a_day_and_what_it_sent_before_costs_nothing(
    platform: Platform, key: IssuedToken, monkeypatch: pytest.MonkeyPatch, server: MailServer
) -> None:
    assert _SENT[0].amount == 500
    monkeypatch.setattr("api.partner._SENT", (Rule("tests sent", 1, DAY_S),))
    app, test = with_mail(platform, server.port), a_test(platform)
    assert _send(app, key, wanted(test)).status_code == 200
    refused = _send(app, key, wanted(test, "grace@example.org"))
    assert (refused.status_code, refused.get_json(force=True)["limit"]) == (429, 1)
    assert _send(app, partner_key(platform), wanted(test, "grace@example.org")).status_code == 200


def test_a_complaint_is_in_log_and_trail_without_what_may_be_about_a_person(
    platform: Platform, key: IssuedToken
) -> None:
    body = {"api_call": "send_test", "errors": ["ada@example.org is unknown"], "candidate_email": "ada@example.org"}
    with capture_logs() as lines:
        for interview in (299506, UNKNOWN, None):
            sent = body | {"partner_interview_id": interview}
            answer = platform.client.post(f"{PARTNER}/response_error", headers=by_key(key.text), json=sent)
            assert (answer.status_code, answer.get_json()) == (200, {"status": 200})

    deeds = [item.deed for item in platform.store.audit.page(AuditFilter(action="partner.complain")).items]
    assert [deed.object_id for deed in deeds] == ["", UNKNOWN, ""]
    assert "ada@example.org" not in f"{lines}{deeds}"


@pytest.mark.parametrize("password", ["x", "mbx_" + "a" * 43])
def test_a_key_has_no_password_beside_it(platform: Platform, key: IssuedToken, password: str) -> None:
    answer = platform.client.get(f"{PARTNER}/list_tests", headers=by_key(key.text, password))

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="mendbox"')


def test_all_that_is_kept_of_a_candidate_has_the_page_they_came_from(platform: Platform, key: IssuedToken) -> None:
    of = _send(platform.app, key, wanted(a_test(platform))).get_json()["partner_interview_id"]
    signed = platform.sign_in()
    assert signed.client.get(f"/people/{of}/everything.json").get_json()["partner"]["application_url"] == APPLICATION
    page = signed.client.get(f"/people/{of}").text
    assert f'href="{APPLICATION}" rel="noreferrer noopener"' in page
    platform.store.erasure.erase(of, "she asked", actor="x")
    assert _status(platform, key, of).status_code == 404


def test_a_personal_key_sends_in_its_owners_name(platform: Platform) -> None:
    user = platform.user(Role.RECRUITER)
    soon = datetime.now(UTC) + timedelta(days=1)
    scope = partner_key(platform).record.scope
    own = platform.store.tokens.create(NewToken("mine", Role.RECRUITER, expires_at=soon, owner=user.id, scope=scope))
    of = _send(platform.app, own, wanted(a_test(platform))).get_json()["partner_interview_id"]
    (deed,) = platform.store.audit.page(AuditFilter(action="token.create", object_id=of)).items
    assert deed.deed.actor == user.id
