"""Who may call what."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from api.app import policies_of
from api.auth import without_tokens
from api.pages.routing import is_page
from store.records import NewToken, Role
from tests.api.conftest import Platform, api_routes
from tests.api.sample import SLUG

EVERYONE = set(Role)
ASSESSORS = EVERYONE - {Role.CANDIDATE}
#: Every route of the API and who may call it, written down a second time: a change of policy is seen in review.
WHO_MAY = {
    "GET /api/v1/challenges": EVERYONE,
    "GET /api/v1/challenges/<slug>": EVERYONE,
    "GET /api/v1/challenges/<slug>/starter.zip": EVERYONE,
    "GET /api/v1/submissions": EVERYONE,
    "POST /api/v1/submissions": EVERYONE,
    "GET /api/v1/submissions/<id>": EVERYONE,
    "GET /api/v1/submissions/<id>/events": EVERYONE,
    "POST /api/v1/submissions/<id>/regrade": ASSESSORS,
    "GET /api/v1/challenges/<slug>/similarity": {Role.ADMIN, Role.RECRUITER},
    "GET /api/v1/submissions/<id>/similar": {Role.ADMIN, Role.RECRUITER},
    "POST /api/v1/regrades": {Role.ADMIN, Role.RECRUITER},
    "GET /api/v1/regrades/<id>": {Role.ADMIN, Role.RECRUITER},
    "POST /api/v1/regrades/<id>/apply": {Role.ADMIN, Role.RECRUITER},
    "POST /api/v1/regrades/<id>/drop": {Role.ADMIN, Role.RECRUITER},
    "POST /api/v1/regrades/<id>/retry": {Role.ADMIN, Role.RECRUITER},
    "GET /api/v1/me": EVERYONE,
    "GET /api/v1/me/assessment": {Role.CANDIDATE},
    "POST /api/v1/me/assessment/begin": {Role.CANDIDATE},
    "POST /api/v1/me/assessment/done": {Role.CANDIDATE},
    "GET /api/v1/tokens": {Role.ADMIN},
    "POST /api/v1/tokens": {Role.ADMIN},
    "DELETE /api/v1/tokens/<id>": {Role.ADMIN},
    "GET /api/v1/audit": {Role.ADMIN},
    "GET /api/v1/webhooks/deliveries": {Role.ADMIN},
    "POST /api/v1/webhooks/deliveries/<id>/replay": {Role.ADMIN},
    "POST /api/v1/webhooks/test": {Role.ADMIN},
}
#: A token is no session, whatever its role. The whole table, sessions too, is in test_doors.py.
FOR_SESSIONS = {
    "GET /api/v1/session",
    "DELETE /api/v1/session",
    "GET /api/v1/sessions",
    "POST /api/v1/sessions/end",
    "POST /api/v1/me/password",
    "POST /api/v1/me/second-factor",
    "POST /api/v1/me/second-factor/confirm",
    "POST /api/v1/me/second-factor/remove",
}
#: Where a token is a password, which a bearer's is not: test_doors.py has who may.
FOR_PASSWORDS = {
    "GET /git/<slug>.git/info/refs",
    "POST /git/<slug>.git/git-upload-pack",
    "POST /git/<slug>.git/git-receive-pack",
}
#: Where a token of the scope partner is a user name: test_doors.py and test_partner.py have who may.
FOR_KEYS = {
    "GET /api/partner/v1/list_tests",
    "POST /api/partner/v1/send_test",
    "GET /api/partner/v1/test_status",
    "POST /api/partner/v1/response_error",
}
PUBLIC = {
    "POST /api/v1/session",
    "POST /api/v1/session/code",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /api/v1/openapi.json",
    "GET /api/v1/docs",
    "GET /api/v1/docs/assets/<name>",
}


def _call(platform: Platform, route: str, headers: dict[str, str]) -> int:
    method, rule = route.split(" ")
    path = rule.replace("<slug>", SLUG).replace("<id>", "0" * 32).replace("<name>", "docs.js")
    return platform.client.open(path, method=method, headers=headers).status_code


def test_every_route_is_in_one_of_the_tables(platform: Platform) -> None:
    assert api_routes(platform.app) == set(WHO_MAY) | PUBLIC | FOR_SESSIONS | FOR_PASSWORDS | FOR_KEYS


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("route", sorted(WHO_MAY))
def test_each_role_may_call_what_the_table_says_and_nothing_else(platform: Platform, route: str, role: Role) -> None:
    status = _call(platform, route, platform.headers(role))

    assert (status == 403) == (role not in WHO_MAY[route]), status
    assert status not in {401, 500}


@pytest.mark.parametrize("route", sorted(WHO_MAY))
def test_without_a_token_a_route_answers_401_whatever_is_asked(platform: Platform, route: str) -> None:
    assert _call(platform, route, {}) == 401


@pytest.mark.parametrize("route", sorted(PUBLIC))
def test_a_public_route_needs_no_token(platform: Platform, route: str) -> None:
    assert _call(platform, route, {}) in ((415,) if route.startswith("POST") else (200,))


def test_a_declared_route_without_roles_is_public_only_if_the_table_says_so(platform: Platform) -> None:
    public = {
        endpoint
        for endpoint, policy in policies_of(platform.app).items()
        if policy.roles is None and not is_page(endpoint)
    }
    rules = {
        re.sub("<string:", "<", rule.rule) for rule in platform.app.url_map.iter_rules() if rule.endpoint in public
    }

    assert rules == {route.split(" ")[1] for route in PUBLIC}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer mbx_",
        "Bearer mbx_short",
        "Basic bWJ4OnNlY3JldA==",
        "mbx_" + "a" * 43,
        "Bearer mbx_" + "a" * 43,
        "Bearer mbx_" + "a" * 5000,
        "Bearer mbx_" + "ä" * 43,
        "Bearer foreign-" + "a" * 43,
        "Bearer mbx_' OR 1=1 --" + "a" * 30,
    ],
)
def test_a_token_that_is_none_is_401_and_says_how_to_authenticate(platform: Platform, header: str) -> None:
    answer = platform.client.get("/api/v1/me", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="mendbox"')
    assert answer.content_type == "application/problem+json"


def test_two_authorization_headers_are_refused(platform: Platform) -> None:
    text = platform.tokens[Role.ADMIN].text
    headers = [("Authorization", f"Bearer {text}"), ("Authorization", f"Bearer {text}")]

    assert platform.client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_revoked_token_is_401(platform: Platform) -> None:
    platform.store.tokens.revoke(platform.tokens[Role.CANDIDATE].record.id)

    assert platform.get("/api/v1/me", Role.CANDIDATE).status_code == 401


def test_an_expired_token_is_401_and_says_no_more_than_an_unknown_one(platform: Platform) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    issued = platform.store.tokens.create(NewToken("short", Role.RECRUITER, expires_at=soon))
    headers = {"Authorization": f"Bearer {issued.text}"}
    assert platform.client.get("/api/v1/me", headers=headers).status_code == 200

    platform.store._database.now = lambda: soon + timedelta(seconds=1)
    expired = platform.client.get("/api/v1/me", headers=headers)
    unknown = platform.client.get("/api/v1/me", headers={"Authorization": "Bearer mbx_" + "a" * 43})

    assert expired.status_code == unknown.status_code == 401
    assert expired.text == unknown.text


@pytest.mark.parametrize("name", ["token", "access_token", "Authorization", "x"])
def test_a_token_in_the_url_is_refused_even_beside_a_good_header(platform: Platform, name: str) -> None:
    text = platform.tokens[Role.ADMIN].text

    answer = platform.get(f"/api/v1/me?{name}={text}")

    assert answer.status_code == 400
    assert text not in answer.text


def test_no_log_line_and_no_answer_holds_a_token(platform: Platform) -> None:
    text = platform.tokens[Role.ADMIN].text
    with capture_logs() as lines:
        answers = [
            platform.get("/api/v1/me"),
            platform.get(f"/api/v1/me?token={text}"),
            platform.get(f"/api/v1/submissions/{text}"),
            platform.get(f"/{text}"),
            platform.client.get("/api/v1/me", headers={"Authorization": f"Bearer {text} {text}"}),
            platform.client.get("/api/v1/me", headers={"X-Request-Id": text}),
        ]

    assert len([line for line in lines if line["event"] == "request"]) == len(answers)
    assert text not in str(lines)
    assert all(text not in answer.text + str(answer.headers) for answer in answers)


def test_text_for_a_log_loses_tokens_and_keeps_the_rest() -> None:
    assert without_tokens("/x/mbx_abc-DEF_123/y") == "/x/mbx_…/y"


def test_the_body_of_an_unauthenticated_request_is_not_read(platform: Platform) -> None:
    class Untouched:
        def read(self, *_: object) -> bytes:
            raise AssertionError("it was read")

        readline = read

    answer = platform.client.post(
        "/api/v1/submissions",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": Untouched(), "CONTENT_LENGTH": "100"},
    )

    assert answer.status_code == 401
