"""Tokens of people and tokens with a scope: never more than the person may now, and never more than was asked for."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from api.context import Caller, still_calls
from store.records import AuditFilter, IssuedToken, NewToken, Role, UserRecord
from store.scopes import Scope
from store.tables import UserRow
from tests.api.conftest import Platform, api_routes
from tests.api.partners import by_key, partner_key
from tests.api.sample import FIX_ZIP, SLUG


def _own(
    platform: Platform, role: Role = Role.ADMIN, scope: Scope = Scope.ALL, *, user: UserRecord | None = None
) -> tuple[UserRecord, IssuedToken]:
    user = user or platform.user(role)
    soon = datetime.now(UTC) + timedelta(days=30)
    return user, platform.store.tokens.create(NewToken("mine", role, expires_at=soon, owner=user.id, scope=scope))


def _bearer(token: IssuedToken) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.text}"}


def _get(platform: Platform, token: IssuedToken, path: str = "/api/v1/me") -> int:
    return platform.client.get(path, headers=_bearer(token)).status_code


def _walk(platform: Platform, headers: dict[str, str]) -> dict[str, int]:
    found = {}
    client = platform.another_app(anonymous_per_minute=0).test_client()
    for route in api_routes(platform.app):
        method, rule = route.split(" ")
        path = re.sub("<[a-z]+>", "0" * 32, rule.replace("<slug>", SLUG))
        found[route] = client.open(path, method=method, headers=headers).status_code
    return found


def test_a_key_of_the_partner_api_opens_nothing_else(platform: Platform) -> None:
    key = partner_key(platform, Role.ADMIN)
    open_to_all = {route for route, status in _walk(platform, {}).items() if status not in (401, 403)}
    for headers in (_bearer(key), by_key(key.text), by_key("git", key.text)):
        others = {
            route: status
            for route, status in _walk(platform, headers).items()
            if "/partner/" not in route and route not in open_to_all
        }
        assert len(others) > 20
        assert set(others.values()) <= {401, 403}, others


def test_a_token_that_reads_changes_nothing(platform: Platform) -> None:
    _, token = _own(platform, scope=Scope.READ)
    statuses = _walk(platform, _bearer(token))
    changes = {
        route: status
        for route, status in statuses.items()
        if not route.startswith("GET") and not route.startswith("POST /api/v1/session")
    }
    assert set(changes.values()) <= {401, 403}, changes
    assert statuses["POST /api/v1/tokens"] == statuses["POST /api/v1/submissions"] == 403
    assert statuses["GET /api/v1/tokens"] == statuses["GET /api/v1/audit"] == 200


def test_who_one_is_names_the_person_the_token_and_its_scope(platform: Platform) -> None:
    user, token = _own(platform, Role.ENGINEER, Scope.READ)
    me = platform.client.get("/api/v1/me", headers=_bearer(token)).get_json()
    assert (me["user_id"], me["token_id"], me["scope"]) == (user.id, token.record.id, "read")


def test_what_a_personal_token_does_and_reads_is_its_owners_in_the_trail(platform: Platform) -> None:
    user, token = _own(platform)
    client, headers = platform.client, _bearer(token)
    submission = platform.graded()
    assert client.get(f"/api/v1/submissions/{submission.id}", headers=headers).status_code == 200
    assert client.post(f"/api/v1/submissions/{submission.id}/regrade", headers=headers).status_code == 202
    made = client.post("/api/v1/tokens", headers=headers, json={"name": "x", "role": "recruiter"})
    assert made.status_code == 201
    path = f"/api/v1/tokens/{made.get_json()['token']['id']}"
    assert client.delete(path, headers=headers).status_code == 204
    for action in ("grade.read", "grading.regrade", "token.revoke"):
        assert platform.store.audit.page(AuditFilter(action=action)).items[0].deed.actor == user.id, action
    assert not platform.store.audit.page(AuditFilter(actor=token.record.id)).items


def test_a_submission_with_a_personal_token_is_its_owners_deed(platform: Platform) -> None:
    user, token = _own(platform, Role.ENGINEER)
    data = {"challenge": SLUG, "archive": (io.BytesIO(FIX_ZIP), "fix.zip")}
    sent = platform.client.post("/api/v1/submissions", headers=_bearer(token), data=data)
    assert sent.status_code == 202
    (deed,) = platform.store.audit.page(AuditFilter(action="submission.add")).items
    assert deed.deed.actor == user.id
    assert platform.store.submissions.get(sent.get_json()["id"]).token_id == token.record.id


def test_a_closed_account_ends_its_tokens_and_opening_it_brings_none_back(platform: Platform) -> None:
    user, token = _own(platform)
    other, others = _own(platform, user=platform.user(Role.ADMIN, "other@example.org"))
    platform.store.users.disable(user.account)
    assert (_get(platform, token), _get(platform, others)) == (401, 200)
    (deed,) = platform.store.audit.page(AuditFilter(action="user.disable")).items
    assert deed.deed.detail == {"sessions_ended": 0, "tokens_ended": 1}
    platform.store.users.enable(user.account)
    assert _get(platform, token) == 401
    assert other.id != user.id


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.ENGINEER])
def test_a_token_never_goes_beyond_the_role_that_its_owner_has_now(platform: Platform, role: Role) -> None:
    user, token = _own(platform)
    _, lower = _own(platform, role, user=user)
    with platform.store.engine.begin() as connection:
        connection.execute(update(UserRow).where(UserRow.id == user.id).values(role=role))

    assert (_get(platform, token), _get(platform, lower)) == (401, 200)
    services = platform.app.extensions["mendbox"]
    assert [still_calls(services, Caller.with_token(each.record)) for each in (token, lower)] == [False, True]


def test_an_admin_makes_a_key_by_the_api_and_reads_whose_each_token_is(platform: Platform) -> None:
    user, token = _own(platform)
    new = {"name": "ats", "role": "recruiter", "scope": "partner"}
    made = platform.post("/api/v1/tokens", json=new)
    assert (made.status_code, made.get_json()["token"]["scope"]) == (201, "partner")
    listed = {each["id"]: each for each in platform.get("/api/v1/tokens").get_json()["tokens"]}
    assert (listed[token.record.id]["owner"], listed[token.record.id]["scope"]) == (user.id, "all")
    for role, scope in (("engineer", "partner"), ("candidate", "read"), ("candidate", "partner")):
        challenges = [SLUG] if role == "candidate" else []
        sent = {"name": "x", "role": role, "scope": scope, "challenges": challenges}
        assert platform.post("/api/v1/tokens", json=sent).status_code == 422, (role, scope)
