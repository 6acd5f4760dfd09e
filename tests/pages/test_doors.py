"""Every page with every caller, held against one table; what they change, with the deed that it leaves."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from pyotp import TOTP
from werkzeug.test import TestResponse

from api.app import policies_of
from api.pages.routing import is_page
from store.records import AuditFilter, Role
from tests.api.conftest import OTHER_PASSWORD, PASSWORD, SESSION, Platform, secret_keys
from tests.api.sample import SLUG

CALLERS = ("none", "token", "candidate", "ended", "recruiter", "engineer", "admin", "without csrf", "both")
#: Without a session one is sent to sign in; with two credentials nobody can tell who is meant.
_READ = (303, 303, 303, 303, 200, 200, 200, 200, 401)
_CHANGE = (401, 401, 401, 401, 303, 303, 303, 403, 401)
TABLE = {
    "GET /submissions": _READ,
    "GET /submissions/<id>": _READ,
    "GET /submissions/<id>/state": _READ,
    "POST /submissions/<id>/regrade": _CHANGE,
    "GET /challenges": _READ,
    "GET /challenges/<slug>": _READ,
    "POST /sign-out": _CHANGE,
    "GET /second-factor": _READ,
    "POST /second-factor": (*_CHANGE[:4], 200, 200, 200, 403, 401),
    "POST /second-factor/confirm": (*_CHANGE[:4], 200, 200, 200, 403, 401),
    "GET /password": (200,) * 9,
    "POST /password": (303,) * 9,
    "GET /": (302,) * 9,
    "GET /sign-in": (200,) * 9,
    "POST /sign-in": (303,) * 9,
    "GET /assets/<name>": (200,) * 9,
}


def _rules(platform: Platform) -> set[str]:
    return {
        f"{method} {re.sub('<string:', '<', rule.rule)}"
        for rule in platform.app.url_map.iter_rules()
        if is_page(rule.endpoint)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def _caller(platform: Platform, name: str) -> tuple[FlaskClient, dict[str, str]]:
    if name == "none":
        return platform.client, {}
    if name in ("token", "candidate"):
        return platform.client, platform.headers(Role.CANDIDATE if name == "candidate" else Role.ADMIN)
    role = Role(name) if name in ("recruiter", "engineer", "admin") else Role.ADMIN
    signed = platform.sign_in(role)
    if name == "ended":
        platform.store.users.disable(signed.user.account)
    if name == "without csrf":
        return signed.client, {}
    return signed.client, signed.headers | (platform.headers() if name == "both" else {})


def _call(platform: Platform, route: str, name: str, method: str | None = None) -> TestResponse:
    own, rule = route.split(" ")
    client, headers = _caller(platform, name)
    submission = platform.graded().id if "<id>" in rule else ""
    path = rule.replace("<slug>", SLUG).replace("<id>", submission)
    if "<name>" in rule:
        style = re.search(r'href="(/assets/[^"]+)"', platform.client.get("/sign-in").text)
        assert style is not None
        path = style[1]
    data = None
    if route == "POST /sign-in":
        data = {"account": platform.user(Role.RECRUITER, f"u-{name}".replace(" ", "-")).account, "password": PASSWORD}
    elif route == "POST /password":
        account = platform.user(Role.RECRUITER, f"u-{name}".replace(" ", "-")).account
        data = {"account": account, "code": platform.store.codes.issue(account).text, "new_password": OTHER_PASSWORD}
    elif route == "POST /second-factor":
        data = {"password": PASSWORD}
    elif route == "POST /second-factor/confirm":
        data = {"second_factor": _first_code(platform, client)}
    return client.open(path, method=method or own, headers=headers, data=data)


def _first_code(platform: Platform, client: FlaskClient) -> str:
    """The code of a second factor that was begun for whoever is signed in."""
    signed_in = client.get(SESSION)
    if signed_in.status_code != 200:
        return "000000"
    user = platform.store.users.named(signed_in.get_json()["account"])
    return TOTP(platform.store.factors.begin(user, secret_keys(platform)).secret).now()


def test_the_table_has_every_page_and_no_other(platform: Platform) -> None:
    assert _rules(platform) == set(TABLE)


@pytest.mark.parametrize("route", sorted(TABLE))
def test_every_caller_gets_the_answer_that_the_table_says(platform: Platform, route: str) -> None:
    answers = {name: _call(platform, route, name).status_code for name in CALLERS}
    assert answers == dict(zip(CALLERS, TABLE[route], strict=True))


@pytest.mark.parametrize("route", sorted(route for route in TABLE if route.startswith("GET")))
def test_head_is_no_way_around(platform: Platform, route: str) -> None:
    expected = dict(zip(CALLERS, TABLE[route], strict=True))
    for name in ("none", "ended", "both"):
        assert _call(platform, route, name, "HEAD").status_code == expected[name], name


def _by_code(platform: Platform) -> str:
    user = platform.user(Role.ENGINEER)
    sent = {"account": user.account, "new_password": OTHER_PASSWORD}
    assert platform.client.post("/password", data=sent | {"code": "x" * 43}).status_code == 403
    code = platform.store.codes.issue(user.account).text
    assert platform.client.post("/password", data=sent | {"code": code}).status_code == 303
    return user.id


def _by_confirming(platform: Platform) -> str:
    signed = platform.sign_in()
    sent = {"second_factor": _first_code(platform, signed.client)}
    assert signed.client.post("/second-factor/confirm", data=sent, headers=signed.headers).status_code == 200
    return signed.user.id


def test_each_change_is_in_the_audit_trail_with_who_made_it(platform: Platform) -> None:
    deeds = {
        (deed, endpoint)
        for endpoint, policy in policies_of(platform.app).items()
        if is_page(endpoint)
        for deed in policy.deeds
    }
    chosen = _by_code(platform)
    confirmed = _by_confirming(platform)
    signed = platform.sign_in()
    submission = platform.graded()
    refused = platform.client.post("/sign-in", data={"account": signed.user.account, "password": "wrong"})
    assert refused.status_code == 401
    own_deeds = {
        ("user.factor_begin", "/second-factor", "password", PASSWORD, 200),
        ("session.refuse", "/second-factor", "password", "wrong", 403),
        ("session.refuse", "/second-factor/confirm", "second_factor", "0", 403),
    }
    for deed, path, field, value, status in own_deeds:
        before = len(platform.store.audit.page(AuditFilter(action=deed)).items)
        assert signed.client.post(path, data={field: value}, headers=signed.headers).status_code == status
        assert len(platform.store.audit.page(AuditFilter(action=deed)).items) == before + 1
    tried = {
        ("user.factor_begin", "pages_account.begin_factor"): signed.user.id,
        ("session.refuse", "pages_account.begin_factor"): "anonymous",
        ("session.refuse", "pages_account.confirm_factor"): "anonymous",
        ("user.factor", "pages_account.confirm_factor"): confirmed,
        ("user.password", "pages_account.choose_password"): chosen,
        ("session.refuse", "pages_account.choose_password"): "anonymous",
        ("session.begin", "pages_sign_in.sign_in"): signed.user.id,
        ("session.refuse", "pages_sign_in.sign_in"): "anonymous",
        ("grading.regrade", "pages_submissions.regrade"): signed.user.id,
        ("session.end", "pages_sign_in.sign_out"): signed.user.id,
    }
    for path in (f"/submissions/{submission.id}/regrade", "/sign-out"):
        assert signed.client.post(path, headers=signed.headers).status_code == 303
    assert deeds == set(tried)
    for (deed, _), actor in tried.items():
        assert platform.store.audit.page(AuditFilter(action=deed)).items[0].deed.actor == actor, deed
