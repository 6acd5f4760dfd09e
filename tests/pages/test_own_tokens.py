"""Tokens of one's own: made, shown once, used, ended; what is wrong is said beside the form."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from store.records import NewToken, Role
from store.scopes import MOST_OWNED, Scope
from store.tables import UserRow
from tests.api.conftest import PASSWORD, Platform, SignedIn
from tests.pages.links import statements_of

FORM = {"password": PASSWORD, "name": "nightly export", "role": "recruiter", "scope": "all", "days": "30"}


def _make(signed: SignedIn, **changes: str) -> TestResponse:
    return signed.client.post("/account/tokens", data=FORM | changes, headers=signed.headers)


def _give(platform: Platform, signed: SignedIn, count: int) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    for number in range(count):
        new = NewToken(f"token {number}", signed.user.role, expires_at=soon, owner=signed.user.id)
        platform.store.tokens.create(new)


def test_a_token_is_shown_once_works_and_is_ended(platform: Platform) -> None:
    signed = platform.sign_in()
    made = _make(signed)
    assert made.status_code == 200
    (text,) = re.findall(r'value="(mbx_[A-Za-z0-9_-]{43})"', made.text)
    headers = {"Authorization": f"Bearer {text}"}
    assert platform.client.get("/api/v1/submissions", headers=headers).status_code == 200

    account = signed.client.get("/account").text
    assert text not in account
    assert all(word in account for word in ("nightly export", text[:8], "all that its role may"))
    (end,) = re.findall(r'action="(/account/tokens/[0-9a-f]{32}/end)"', account)
    for _ in range(2):
        answer = signed.client.post(end, headers=signed.headers)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account#tokens")
    assert platform.client.get("/api/v1/submissions", headers=headers).status_code == 401
    assert "nightly export" not in signed.client.get("/account").text


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"password": ""}, 422, "fill in your password"),
        ({"password": "wrong"}, 403, "not your password"),
        ({"name": ""}, 422, "Say what it is for"),
        ({"name": "x" * 201}, 422, "Say what it is for"),
        ({"name": "a\u202eb"}, 422, "must be one line"),
        ({"days": "0"}, 422, "1 to 365"),
        ({"days": "366"}, 422, "1 to 365"),
        ({"days": " 3"}, 422, "1 to 365"),
        ({"days": "9" * 400}, 422, "1 to 365"),
        ({"scope": "root"}, 422, "Say what it is for"),
        ({"role": "admin"}, 409, "can have no token with the role admin"),
        ({"role": "engineer"}, 409, "can have no token with the role engineer"),
        ({"role": "candidate"}, 409, "can have no token with the role candidate"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    platform: Platform, changes: dict[str, str], status: int, says: str
) -> None:
    signed = platform.sign_in()
    answer = _make(signed, **changes)
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert 'role="alert"' in answer.text
    if "name" not in changes:
        assert 'value="nightly export"' in answer.text
    assert not platform.store.tokens.of(signed.user.id)


def test_an_engineer_is_offered_no_key_of_the_partner_api_and_gets_none(platform: Platform) -> None:
    signed = platform.sign_in(Role.ENGINEER)
    assert 'value="partner"' not in signed.client.get("/account").text
    assert _make(signed, role="engineer", scope="partner").status_code == 422
    recruiter = platform.sign_in()
    assert 'value="partner"' in recruiter.client.get("/account").text
    assert _make(recruiter, scope="partner").status_code == 200


def test_an_admin_chooses_a_lower_role_and_others_have_nothing_to_choose(platform: Platform) -> None:
    admin, recruiter = platform.sign_in(Role.ADMIN), platform.sign_in()
    assert '<select name="role">' in admin.client.get("/account").text
    assert '<select name="role">' not in recruiter.client.get("/account").text
    for role in ("admin", "recruiter", "engineer"):
        assert _make(admin, role=role).status_code == 200
    assert {token.role.value for token in platform.store.tokens.of(admin.user.id)} == {"admin", "recruiter", "engineer"}


def test_nobody_ends_or_sees_a_token_of_somebody_else(platform: Platform) -> None:
    owner, other = platform.sign_in(), platform.sign_in(Role.ADMIN)
    assert _make(owner).status_code == 200
    (token,) = platform.store.tokens.of(owner.user.id)
    ids = (token.id, platform.tokens[Role.ADMIN].record.id, "0" * 32, "x")
    for id in ids:  # noqa: A001
        assert other.client.post(f"/account/tokens/{id}/end", headers=other.headers).status_code == 404
    assert platform.store.tokens.of(owner.user.id) == (token,)
    assert "nightly export" not in other.client.get("/account").text


def test_one_person_has_so_many_and_then_ends_one_first(platform: Platform) -> None:
    signed = platform.sign_in()
    _give(platform, signed, MOST_OWNED - 1)
    assert _make(signed).status_code == 200
    assert "End one to make another" in signed.client.get("/account").text
    answer = _make(signed)
    assert (answer.status_code, "which is all" in answer.text) == (409, True)
    platform.store.tokens.revoke(platform.store.tokens.of(signed.user.id)[0].id)
    assert _make(signed).status_code == 200


def test_a_token_that_goes_beyond_its_owners_role_by_now_is_shown_as_such(platform: Platform) -> None:
    signed = platform.sign_in(Role.ADMIN)
    assert _make(signed, role="admin", scope=Scope.READ).status_code == 200
    with platform.store.engine.begin() as connection:
        connection.execute(update(UserRow).where(UserRow.id == signed.user.id).values(role=Role.RECRUITER))
    assert "nothing: its role goes beyond yours" in signed.client.get("/account").text


def test_the_page_asks_the_database_no_more_often_for_more_tokens(platform: Platform) -> None:
    signed = platform.sign_in()
    counts = []
    for count in (1, 10):
        _give(platform, signed, count)
        signed.client.get("/account")
        counts.append(statements_of(platform, lambda: signed.client.get("/account")))
    assert counts[0] == counts[1] > 0
