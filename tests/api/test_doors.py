"""Every route with every caller, held against one table; every change with the deed that it leaves.

A new route is in no row, and a row that is missing fails. Each cell has objects of its own: a graded submission of the
candidate `own`, and a token that may be ended.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyotp import TOTP
from werkzeug.test import TestResponse

from api.app import policies_of
from api.git.lines import FLUSH, line
from api.git.protocol import MAIN, NOTHING
from api.pages.routing import is_page
from api.readings import AGAIN_S, Readings
from runner.packages.loader import load_package
from runner.submissions.git_starter import starter_repository
from store.records import AuditFilter, IssuedToken, NewToken, Role, SubmissionFilter
from store.scopes import Scope
from store.webhook_rules import Answer
from tests.api.conftest import OTHER_PASSWORD, PASSWORD, SESSION, Platform, SignedIn, api_routes, secret_keys
from tests.api.invited import invited
from tests.api.partners import asked_of_partner, by_key
from tests.api.regraded import a_regrade
from tests.api.sample import FIX_ZIP, OTHER, SLUG
from tests.pages.test_mailing import with_mail

CALLERS = (
    *("none", "malformed", "expired", "revoked", "foreign", "own", "recruiter", "engineer", "admin"),
    *("session recruiter", "session engineer", "session admin", "session without csrf", "session ended", "both"),
    *("key", "wrong key"),
)
_NOBODY = (401, 401, 401, 401)
_SHUT = (401, 401)


def _row(foreign: int, own: int, *assessors: int, sessions: tuple[int, ...], bare: int) -> dict[str, int]:
    """A line of the table. `assessors`: tokens of recruiter, engineer, admin; `sessions`: the same, signed in."""
    cells = (*_NOBODY, foreign, own, *assessors, *sessions, bare, *_SHUT, *_SHUT)
    return dict(zip(CALLERS, cells, strict=True))


_READ = (200, 200, 200)
_ADMIN_READS = (403, 403, 200)
_ADMIN_HOOKS = (403, 403, 409)
_COMPARES = (200, 403, 200)
_REGRADES = (201, 403, 201)
PRIVATE = {
    "GET /api/v1/challenges": _row(200, 200, *_READ, sessions=_READ, bare=200),
    "GET /api/v1/challenges/<slug>": _row(404, 200, *_READ, sessions=_READ, bare=200),
    "GET /api/v1/challenges/<slug>/starter.zip": _row(404, 200, *_READ, sessions=_READ, bare=200),
    "GET /api/v1/submissions": _row(200, 200, *_READ, sessions=_READ, bare=200),
    "POST /api/v1/submissions": _row(403, 202, 202, 202, 202, sessions=(401, 401, 401), bare=401),
    "GET /api/v1/submissions/<id>": _row(404, 200, *_READ, sessions=_READ, bare=200),
    "GET /api/v1/submissions/<id>/events": _row(404, 200, *_READ, sessions=_READ, bare=200),
    "POST /api/v1/submissions/<id>/regrade": _row(403, 403, 202, 202, 202, sessions=(202, 202, 202), bare=403),
    "POST /api/v1/regrades": _row(403, 403, *_REGRADES, sessions=_REGRADES, bare=403),
    "GET /api/v1/regrades/<id>": _row(403, 403, *_COMPARES, sessions=_COMPARES, bare=200),
    "POST /api/v1/regrades/<id>/apply": _row(403, 403, *_COMPARES, sessions=_COMPARES, bare=403),
    "POST /api/v1/regrades/<id>/drop": _row(403, 403, *_COMPARES, sessions=_COMPARES, bare=403),
    "POST /api/v1/regrades/<id>/retry": _row(403, 403, *_COMPARES, sessions=_COMPARES, bare=403),
    "GET /api/v1/challenges/<slug>/similarity": _row(403, 403, *_COMPARES, sessions=_COMPARES, bare=200),
    "GET /api/v1/submissions/<id>/similar": _row(403, 403, *_COMPARES, sessions=_COMPARES, bare=200),
    "GET /api/v1/me": _row(200, 200, *_READ, sessions=_READ, bare=200),
    "GET /api/v1/me/assessment": _row(404, 404, 403, 403, 403, sessions=(401, 401, 401), bare=401),
    "POST /api/v1/me/assessment/begin": _row(404, 404, 403, 403, 403, sessions=(401, 401, 401), bare=401),
    "POST /api/v1/me/assessment/done": _row(404, 404, 403, 403, 403, sessions=(401, 401, 401), bare=401),
    "GET /api/v1/tokens": _row(403, 403, *_ADMIN_READS, sessions=_ADMIN_READS, bare=200),
    "POST /api/v1/tokens": _row(403, 403, 403, 403, 201, sessions=(403, 403, 201), bare=403),
    "DELETE /api/v1/tokens/<id>": _row(403, 403, 403, 403, 204, sessions=(403, 403, 204), bare=403),
    "GET /api/v1/audit": _row(403, 403, *_ADMIN_READS, sessions=_ADMIN_READS, bare=200),
    "GET /api/v1/webhooks/deliveries": _row(403, 403, *_ADMIN_READS, sessions=_ADMIN_READS, bare=200),
    # No webhook is set up here: admins are told so.
    "POST /api/v1/webhooks/deliveries/<id>/replay": _row(403, 403, *_ADMIN_HOOKS, sessions=_ADMIN_HOOKS, bare=403),
    "POST /api/v1/webhooks/test": _row(403, 403, *_ADMIN_HOOKS, sessions=_ADMIN_HOOKS, bare=403),
    "GET /api/v1/session": _row(401, 401, 401, 401, 401, sessions=_READ, bare=200),
    "GET /api/v1/sessions": _row(401, 401, 401, 401, 401, sessions=_READ, bare=200),
    "POST /api/v1/sessions/end": _row(401, 401, 401, 401, 401, sessions=(200, 200, 200), bare=403),
    "POST /api/v1/me/password": _row(401, 401, 401, 401, 401, sessions=(201, 201, 201), bare=403),
    "POST /api/v1/me/second-factor": _row(401, 401, 401, 401, 401, sessions=(200, 200, 200), bare=403),
    "POST /api/v1/me/second-factor/confirm": _row(401, 401, 401, 401, 401, sessions=(201, 201, 201), bare=403),
    "POST /api/v1/me/second-factor/remove": _row(401, 401, 401, 401, 401, sessions=(201, 201, 201), bare=403),
    "DELETE /api/v1/session": _row(401, 401, 401, 401, 401, sessions=(204, 204, 204), bare=403),
}
#: A token as the password of the scheme Basic; a session is nothing here, and not in the way of a token either.
_NO_SESSIONS = (401, 401, 401, 401)
GIT = {
    "GET /git/<slug>.git/info/refs": (404, *_READ, 200),
    "POST /git/<slug>.git/git-upload-pack": (404, *_READ, 200),
    "POST /git/<slug>.git/git-receive-pack": (404, *_READ, 200),
}
BY_PASSWORD = {
    route: dict(zip(CALLERS, (*_NOBODY, foreign, own, *assessors, *_NO_SESSIONS, 401, 200, *_SHUT), strict=True))
    for route, (foreign, own, *assessors) in GIT.items()
}
#: A key as the user name of the scheme Basic, and nothing else: a token of another scope is none.
BY_KEY = {
    route: dict(zip(CALLERS, (*(401,) * 15, 200, 403), strict=True))
    for route in (
        "GET /api/partner/v1/list_tests",
        "POST /api/partner/v1/send_test",
        "GET /api/partner/v1/test_status",
        "POST /api/partner/v1/response_error",
    )
}
PUBLIC = {
    "GET /healthz": 200,
    "GET /readyz": 200,
    "GET /metrics": 200,
    "GET /api/v1/openapi.json": 200,
    "GET /api/v1/docs": 200,
    "GET /api/v1/docs/assets/<name>": 200,
    "POST /api/v1/session": 201,
    "POST /api/v1/session/code": 201,
}
TABLE = PRIVATE | BY_PASSWORD | BY_KEY | {route: dict.fromkeys(CALLERS, status) for route, status in PUBLIC.items()}


@dataclass
class Caller:
    client: FlaskClient
    headers: dict[str, str]


def _callers(platform: Platform) -> dict[str, Caller]:
    def bearer(text: str) -> Caller:
        return Caller(platform.app.test_client(), {"Authorization": f"Bearer {text}"})

    soon = datetime.now(UTC) + timedelta(days=1)
    expired = platform.store.tokens.create(NewToken("expired", Role.ADMIN, expires_at=soon))
    with platform.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE tokens SET expires_at = '2020-01-01 00:00:00.000000' WHERE id = ?", (expired.record.id,)
        )
    revoked = platform.store.tokens.create(NewToken("revoked", Role.ADMIN))
    platform.store.tokens.revoke(revoked.record.id)
    foreign = platform.store.tokens.create(NewToken("foreign", Role.CANDIDATE, (OTHER,)))
    callers = {
        "none": Caller(platform.app.test_client(), {}),
        "malformed": bearer("mbx_ and no token"),
        "expired": bearer(expired.text),
        "revoked": bearer(revoked.text),
        "foreign": bearer(foreign.text),
        "own": bearer(platform.tokens[Role.CANDIDATE].text),
    }
    for role in (Role.RECRUITER, Role.ENGINEER, Role.ADMIN):
        callers[role.value] = bearer(platform.tokens[role].text)
        signed = platform.sign_in(role)
        callers[f"session {role.value}"] = Caller(signed.client, signed.headers)
    callers["session without csrf"] = Caller(platform.sign_in(Role.ADMIN).client, {})
    ended = platform.sign_in(Role.ADMIN)
    platform.store.users.disable(ended.user.account)
    callers["session ended"] = Caller(ended.client, ended.headers)
    key = platform.store.tokens.create(NewToken("ats", Role.RECRUITER, scope=Scope.PARTNER))
    callers["key"] = Caller(platform.app.test_client(), by_key(key.text))
    callers["wrong key"] = Caller(platform.app.test_client(), by_key(platform.tokens[Role.ADMIN].text))
    both = platform.sign_in(Role.ADMIN)
    callers["both"] = Caller(both.client, {**both.headers, **platform.headers()})
    return {name: callers[name] for name in CALLERS}


def _call(platform: Platform, route: str, caller: Caller, **more: Any) -> TestResponse:
    """Call a route as it wants to be called, on objects made for this call."""
    method, rule = route.split(" ")
    victim = platform.store.tokens.create(NewToken("victim", Role.RECRUITER)).record.id if "tokens/" in rule else ""
    submission = platform.graded().id if "submissions/" in rule else ""
    regraded = a_regrade(platform, begins="<id>" in rule, fails="/retry" in rule) if "/regrades" in rule else ""
    made = victim or submission or regraded or "0" * 32
    path = rule.replace("<slug>", SLUG).replace("<id>", made).replace("<name>", "docs.js")
    options: dict[str, Any] = {"headers": caller.headers, **more}
    if route == "POST /api/v1/submissions":
        options["data"] = {"challenge": SLUG, "archive": (io.BytesIO(FIX_ZIP), "fix.zip")}
    elif route == "POST /api/v1/regrades":
        options["json"] = {"challenge": SLUG, "reason": "a test was wrong"}
    elif rule.endswith(("/apply", "/drop")):
        options["json"] = {"reason": "looked at all"}
    elif route == "POST /api/v1/tokens":
        options["json"] = {"name": "x", "role": "recruiter"}
    elif route == "POST /api/v1/session":
        user = platform.user(Role.RECRUITER, f"u{len(platform.store.users.list())}")
        options["json"] = {"account": user.account, "password": PASSWORD}
    elif route == "POST /api/v1/session/code":
        user = platform.user(Role.RECRUITER, f"u{len(platform.store.users.list())}")
        code = platform.store.codes.issue(user.account).text
        options["json"] = {"account": user.account, "code": code, "new_password": OTHER_PASSWORD}
    elif route == "POST /api/v1/me/assessment/begin":
        options["json"] = {"agreed": True}
    elif route == "POST /api/v1/me/assessment/done":
        options["json"] = {"done": True}
    elif route == "POST /api/v1/sessions/end":
        options["json"] = {"password": PASSWORD}
    elif route == "POST /api/v1/me/password":
        options["json"] = {"password": PASSWORD, "new_password": OTHER_PASSWORD}
    elif route == "POST /api/v1/me/second-factor/confirm":
        options["json"] = {"second_factor": _first_code(platform, caller)}
    elif route.startswith("POST /api/v1/me/second-factor"):
        options["json"] = {"password": PASSWORD}
    elif "/partner/" in rule:
        options |= asked_of_partner(platform, rule)
    elif "/git/" in rule:
        options |= _as_git_calls(platform, rule, caller)
    options.setdefault("method", method)
    answer = caller.client.open(path, **options)
    answer.get_data()  # an event stream ends after the grade
    answer.close()
    return answer


def _as_git_calls(platform: Platform, rule: str, caller: Caller) -> dict[str, Any]:
    """The caller's token as a password, and what git sends."""
    headers = dict(caller.headers)
    _, bearer, token = headers.pop("Authorization", "").partition("Bearer ")
    if bearer:
        headers["Authorization"] = "Basic " + base64.b64encode(f"git:{token}".encode()).decode()
    service = rule.rpartition("/")[2]
    if service == "refs":
        return {"headers": headers, "query_string": {"service": "git-upload-pack"}}
    starter = load_package(platform.settings.challenges / SLUG).starter
    repository = starter_repository(SLUG, starter)
    if service == "git-upload-pack":
        body = line(f"want {repository.head}\n".encode()) + FLUSH + line(b"done\n")
    else:
        body = line(f"{NOTHING} {repository.head} {MAIN}\0report-status".encode()) + FLUSH + repository.pack
    return {"headers": headers, "data": body, "content_type": f"application/x-{service}-request"}


def _first_code(platform: Platform, caller: Caller) -> str:
    """The code of a second factor that was begun for the caller, if they are signed in."""
    signed_in = caller.client.get(SESSION, headers=caller.headers)
    if signed_in.status_code != 200:
        return "000000"
    user = platform.store.users.named(signed_in.get_json()["account"])
    return TOTP(platform.store.factors.begin(user, secret_keys(platform)).secret).now()


def test_the_table_has_every_route_and_no_other(platform: Platform) -> None:
    assert api_routes(platform.app) == set(TABLE)


@pytest.mark.parametrize("route", sorted(TABLE))
def test_every_caller_gets_the_answer_that_the_table_says(platform: Platform, route: str) -> None:
    callers = _callers(platform)
    answers = {name: _call(platform, route, caller).status_code for name, caller in callers.items()}

    assert answers == TABLE[route]


@pytest.mark.parametrize("route", sorted(route for route in TABLE if route.startswith("GET")))
def test_head_and_options_are_no_way_around(platform: Platform, route: str) -> None:
    callers = _callers(platform)
    for name in ("none", "expired", "foreign", "own", "both"):
        assert _call(platform, route, callers[name], method="HEAD").status_code == TABLE[route][name], name
    for name in ("none", "revoked", "session ended"):
        # Signing in is open, so whoever asks may know that this address has it.
        expected = 401 if route not in PUBLIC and not route.endswith("/session") else 200
        assert _call(platform, route, callers[name], method="OPTIONS").status_code == expected, name


def test_a_foreign_candidate_finds_no_trace_of_a_submission(platform: Platform) -> None:
    submission = platform.graded()
    foreign = _callers(platform)["foreign"]
    unknown = "0" * 32
    for rule in ("", "/events"):
        there = foreign.client.get(f"/api/v1/submissions/{submission.id}{rule}", headers=foreign.headers)
        nowhere = foreign.client.get(f"/api/v1/submissions/{unknown}{rule}", headers=foreign.headers)
        assert there.text.replace(submission.id, unknown) == nowhere.text
    listed = foreign.client.get("/api/v1/submissions", headers=foreign.headers).get_json()
    assert listed["submissions"] == []


def _sign_in_wrongly(platform: Platform) -> str:
    platform.client.post(SESSION, json={"account": "nobody", "password": "x"})
    return "anonymous"


def _by_admin(route: str) -> Callable[[Platform], str]:
    def change(platform: Platform) -> str:
        answer = _call(platform, route, Caller(platform.client, platform.headers()))
        assert answer.status_code < 300, answer.text
        return platform.tokens[Role.ADMIN].record.id

    return change


def _sign_in(platform: Platform) -> str:
    return platform.sign_in().user.id


def _sign_out(platform: Platform) -> str:
    signed = platform.sign_in()
    assert signed.client.delete(SESSION, headers=signed.headers).status_code == 204
    return signed.user.id


def _signed_in(path: str, status: int, **body: str) -> Callable[[Platform], str]:
    def change(platform: Platform) -> str:
        signed = platform.sign_in()
        assert signed.client.post(path, json=body, headers=signed.headers).status_code == status
        # Who does not know the password may be anybody, whatever session they have.
        return signed.user.id if status < 300 else "anonymous"

    return change


def _by_code(platform: Platform) -> str:
    user = platform.user()
    code = platform.store.codes.issue(user.account).text
    sent = {"account": user.account, "code": code, "new_password": OTHER_PASSWORD}
    assert platform.client.post(f"{SESSION}/code", json=sent).status_code == 201
    return user.id


def _by_wrong_code(platform: Platform) -> str:
    sent = {"account": platform.user().account, "code": "x" * 43, "new_password": OTHER_PASSWORD}
    assert platform.client.post(f"{SESSION}/code", json=sent).status_code == 403
    return "anonymous"


def _confirming(platform: Platform, code: str | None = None) -> tuple[SignedIn, int]:
    signed = platform.sign_in()
    code = code or _first_code(platform, Caller(signed.client, signed.headers))
    sent = {"second_factor": code}
    return signed, signed.client.post(f"{ME_FACTOR}/confirm", json=sent, headers=signed.headers).status_code


def _confirm(platform: Platform) -> str:
    signed, status = _confirming(platform)
    assert status == 201
    return signed.user.id


def _confirm_wrongly(platform: Platform) -> str:
    _, status = _confirming(platform, "0")
    assert status == 403
    return "anonymous"


def _remove(platform: Platform) -> str:
    signed = platform.sign_in()
    platform.store.factors.begin(signed.user, secret_keys(platform))
    sent = {"password": PASSWORD}
    assert signed.client.post(f"{ME_FACTOR}/remove", json=sent, headers=signed.headers).status_code == 201
    return signed.user.id


def _begin_assessment(platform: Platform) -> str:
    token = invited(platform)
    headers = {"Authorization": f"Bearer {token.text}"}
    assert (
        platform.client.post("/api/v1/me/assessment/begin", headers=headers, json={"agreed": True}).status_code == 200
    )
    return token.record.id


def _hook(platform: Platform, path: str) -> str:
    client = platform.another_app(webhook_url="https://hooks.example/x").test_client()
    answer = client.post(f"/api/v1/webhooks/{path}", headers=platform.headers())
    assert answer.status_code == 202
    assert platform.store.webhooks.due() == [answer.get_json()["id"]]
    return platform.tokens[Role.ADMIN].record.id


def _send_test(platform: Platform) -> str:
    return _hook(platform, "test")


def _replay(platform: Platform) -> str:
    id = platform.store.webhooks.test(actor="x")  # noqa: A001
    attempt = platform.store.webhooks.take(id)
    assert attempt is not None
    assert platform.store.webhooks.record(attempt, Answer(204)) is not None
    return _hook(platform, f"deliveries/{id}/replay")


def _made_a_key(platform: Platform) -> IssuedToken:
    """A key that was made without a deed of the kind that is looked for."""
    key = platform.tokens[Role.RECRUITER]
    with platform.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE tokens SET scope = 'partner' WHERE id = ?", (key.record.id,))
    return key


def _by_partner(*calls: str) -> Callable[[Platform], str]:
    def change(platform: Platform) -> str:
        key = _made_a_key(platform)
        for call in calls:
            rule = f"/api/partner/v1/{call}"
            answer = platform.client.post(rule, headers=by_key(key.text), **asked_of_partner(platform, rule))
            assert answer.status_code == 200, answer.text
        return key.record.id

    return change


def _by_partner_mail(platform: Platform) -> str:
    # Nobody is there: that it is to be mailed is written down before it is tried.
    app, key = with_mail(platform, 1), _made_a_key(platform)
    sent = asked_of_partner(platform, "send_test")
    assert app.test_client().post("/api/partner/v1/send_test", headers=by_key(key.text), **sent).status_code == 200
    return key.record.id


def _finish_assessment(platform: Platform) -> str:
    token = invited(platform)
    platform.store.invitations.begin(token.record.id)
    headers = {"Authorization": f"Bearer {token.text}"}
    assert platform.client.post("/api/v1/me/assessment/done", headers=headers, json={"done": True}).status_code == 200
    return token.record.id


ME_FACTOR = "/api/v1/me/second-factor"
ME_PASSWORD, SESSIONS_END = "/api/v1/me/password", "/api/v1/sessions/end"
#: Deed and route that leaves it, and how to make it do so; what that answers is the actor who must be named.
CHANGES: Mapping[tuple[str, str], Callable[[Platform], str]] = {
    ("submission.add", "submissions.post_submission"): _by_admin("POST /api/v1/submissions"),
    ("submission.add", "git.receive_pack"): _by_admin("POST /git/<slug>.git/git-receive-pack"),
    ("starter.clone", "git.upload_pack"): _by_admin("POST /git/<slug>.git/git-upload-pack"),
    ("grading.regrade", "submissions.regrade"): _by_admin("POST /api/v1/submissions/<id>/regrade"),
    ("regrade.begin", "regrades.begin_regrade"): _by_admin("POST /api/v1/regrades"),
    ("regrade.apply", "regrades.apply_regrade"): _by_admin("POST /api/v1/regrades/<id>/apply"),
    ("regrade.drop", "regrades.drop_regrade"): _by_admin("POST /api/v1/regrades/<id>/drop"),
    ("regrade.retry", "regrades.retry_regrade"): _by_admin("POST /api/v1/regrades/<id>/retry"),
    ("token.create", "tokens.create_token"): _by_admin("POST /api/v1/tokens"),
    ("token.revoke", "tokens.revoke_token"): _by_admin("DELETE /api/v1/tokens/<id>"),
    ("invitation.begin", "my_assessment.begin_my_assessment"): _begin_assessment,
    ("webhook.replay", "webhooks.replay_delivery"): _replay,
    ("webhook.test", "webhooks.send_test_event"): _send_test,
    ("token.create", "partner.send_test"): _by_partner("send_test"),
    ("invitation.mail", "partner.send_test"): _by_partner_mail,
    ("token.renew", "partner.send_test"): _by_partner("send_test", "send_test"),
    ("partner.complain", "partner.report_error"): _by_partner("response_error"),
    ("invitation.finish", "my_assessment.finish_my_assessment"): _finish_assessment,
    ("session.begin", "sessions.sign_in"): _sign_in,
    ("session.refuse", "sessions.sign_in"): _sign_in_wrongly,
    ("session.end", "sessions.sign_out"): _sign_out,
    ("user.password", "accounts.change_password"): _signed_in(
        ME_PASSWORD, 201, password=PASSWORD, new_password=OTHER_PASSWORD
    ),
    ("session.refuse", "accounts.change_password"): _signed_in(
        ME_PASSWORD, 403, password="x", new_password=OTHER_PASSWORD
    ),
    ("user.password", "accounts.choose_password"): _by_code,
    ("session.refuse", "accounts.choose_password"): _by_wrong_code,
    ("session.end_others", "accounts.end_sessions"): _signed_in(SESSIONS_END, 200, password=PASSWORD),
    ("session.refuse", "accounts.end_sessions"): _signed_in(SESSIONS_END, 403, password="x"),
    ("user.factor_begin", "second_factors.begin_second_factor"): _signed_in(ME_FACTOR, 200, password=PASSWORD),
    ("session.refuse", "second_factors.begin_second_factor"): _signed_in(ME_FACTOR, 403, password="x"),
    ("user.factor", "second_factors.confirm_second_factor"): _confirm,
    ("session.refuse", "second_factors.confirm_second_factor"): _confirm_wrongly,
    ("user.factor_remove", "second_factors.remove_second_factor"): _remove,
    ("session.refuse", "second_factors.remove_second_factor"): _signed_in(f"{ME_FACTOR}/remove", 403, password="x"),
}


def test_every_route_that_changes_something_names_its_deeds_and_each_is_tried_here(platform: Platform) -> None:
    changing = {
        rule.endpoint
        for rule in platform.app.url_map.iter_rules()
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"} and not is_page(rule.endpoint)
    }
    named = {
        (deed, endpoint)
        for endpoint, policy in policies_of(platform.app).items()
        for deed in policy.deeds
        if not is_page(endpoint)
    }
    assert {endpoint for _, endpoint in named} == changing
    assert named == set(CHANGES)


@pytest.mark.parametrize(("deed", "endpoint"), sorted(CHANGES))
def test_a_change_is_in_the_audit_trail_with_who_made_it(platform: Platform, deed: str, endpoint: str) -> None:
    before = len(platform.store.audit.page(AuditFilter(action=deed)).items)

    actor = CHANGES[deed, endpoint](platform)

    found = platform.store.audit.page(AuditFilter(action=deed)).items
    assert len(found) == before + 1
    assert found[0].deed.actor == actor


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.RECRUITER, Role.ADMIN])
@pytest.mark.parametrize("rule", ["", "/events"])
def test_every_reading_of_a_grade_is_in_the_audit_trail(platform: Platform, rule: str, role: Role) -> None:
    submission = platform.graded()

    platform.get(f"/api/v1/submissions/{submission.id}{rule}", role).get_data()

    (record,) = platform.store.audit.page(AuditFilter(action="grade.read")).items
    assert (record.deed.actor, record.deed.object_id) == (platform.tokens[role].record.id, submission.id)
    assert record.deed.detail["view"] == ("candidate" if role is Role.CANDIDATE else "whole")


def test_a_candidates_polling_is_written_once_and_an_assessors_each_time(platform: Platform) -> None:
    submission = platform.graded()
    for role in (Role.CANDIDATE, Role.RECRUITER):
        for _ in range(3):
            platform.get(f"/api/v1/submissions/{submission.id}", role)

    views = [item.deed.detail["view"] for item in platform.store.audit.page(AuditFilter(action="grade.read")).items]
    assert views == ["whole", "whole", "whole", "candidate"]


def test_a_reading_is_new_again_after_a_minute_and_for_another_reader_or_grade() -> None:
    now = [0.0]
    readings = Readings(lambda: now[0])
    asked = [readings.is_new(*key) for key in (("a", "1"), ("a", "1"), ("b", "1"), ("a", "2"))]
    now[0] = AGAIN_S - 0.1
    asked.append(readings.is_new("a", "1"))
    now[0] = AGAIN_S
    asked.append(readings.is_new("a", "1"))
    assert asked == [True, False, True, True, False, True]


def test_an_admin_reads_the_trail_in_parts_and_by_what_they_look_for(platform: Platform) -> None:
    submission = platform.graded()
    for _ in range(3):
        platform.get(f"/api/v1/submissions/{submission.id}", Role.RECRUITER)
    recruiter = platform.tokens[Role.RECRUITER].record.id
    query = f"/api/v1/audit?action=grade.read&actor={recruiter}&object_id={submission.id}&object_kind=submission"

    first = platform.get(f"{query}&limit=2").get_json()
    rest = platform.get(f"{query}&limit=2&after={first['next']}").get_json()

    assert [len(first["entries"]), len(rest["entries"]), rest["next"]] == [2, 1, None]
    assert all(entry["actor"] == recruiter for entry in first["entries"] + rest["entries"])
    assert set(first["entries"][0]) == {"id", "at", "actor", "action", "object_kind", "object_id", "detail"}
    assert platform.get("/api/v1/audit?until=2020-01-01T00:00:00Z").get_json()["entries"] == []
    assert len(platform.get("/api/v1/audit?since=2020-01-01T00:00:00Z").get_json()["entries"]) >= 3
    assert platform.get("/api/v1/audit?since=2020-01-01T00:00:00").status_code == 422
    assert platform.get("/api/v1/audit?after=nonsense").status_code == 422


def test_nothing_was_made_by_who_may_not(platform: Platform) -> None:
    callers = _callers(platform)
    tokens = len(platform.store.tokens.page().items)
    for name in ("none", "malformed", "expired", "revoked", "foreign", "session without csrf", "both"):
        _call(platform, "POST /api/v1/tokens", callers[name])
        _call(platform, "POST /api/v1/submissions", callers[name])
    assert len(platform.store.tokens.page().items) == tokens
    assert platform.store.submissions.page(SubmissionFilter()).items == ()
