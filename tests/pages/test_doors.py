"""Every page with every caller, held against one table; what they change, with the deed that it leaves."""

from __future__ import annotations

import io
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyotp import TOTP
from werkzeug.test import TestResponse

from api.app import policies_of
from api.pages.routing import is_page
from runner.assessments.rubric import RUBRIC
from runner.visible_run import VisibleEnd, VisibleReport
from store.records import SYSTEM, AuditFilter, DraftChange, NewToken, Role
from store.reviewed import Place, Side
from store.visible_runs import VisibleRuns
from store.webhook_rules import Answer
from tests.api.conftest import OTHER_PASSWORD, PASSWORD, SESSION, Platform, SignedIn, secret_keys
from tests.api.invited import ASSESSMENT, invited
from tests.api.regraded import a_regrade
from tests.api.sample import FIX_ZIP, SLUG
from tests.pages.links import by_link
from tests.pages.test_mailing import invite, with_mail
from tests.pages.test_oidc import Here
from tests.support.mail import MailServer
from tests.support.openid import OpenIdServer

_ASSESSORS = ("none", "token", "candidate", "ended", "recruiter", "engineer", "admin", "without csrf", "both")
CALLERS = (*_ASSESSORS, "link", "link without csrf", "ended link")
#: Without a session one is sent to sign in; with two credentials nobody can tell who is meant.
_READ = (303, 303, 303, 303, 200, 200, 200, 200, 401, 303, 303, 303)
_CHANGE = (303, 303, 303, 303, 303, 303, 303, 403, 401, 303, 303, 303)
#: Engineers invite nobody.
_INVITER_READ = (303, 303, 303, 303, 200, 403, 200, 200, 401, 303, 303, 303)
_INVITER_CHANGE = (303, 303, 303, 303, 303, 403, 303, 403, 401, 303, 303, 303)
_ADMIN_READ = (303, 303, 303, 303, 403, 403, 200, 200, 401, 303, 303, 303)
_ADMIN_CHANGE = (303, 303, 303, 303, 403, 403, 409, 403, 401, 303, 303, 303)
#: Candidates' own: whoever has no link is led to where one begins.
_MINE = (303,) * 9 + (200, 200, 303)
_MY_CHANGE = (303,) * 9 + (303, 403, 303)
_ANYBODY = len(CALLERS)
_LINE = Place("app.py", Side.AFTER, 1)
TABLE = {
    "GET /submissions": _READ,
    "GET /submissions/<id>": _READ,
    "GET /submissions/<id>/state": (401,) * 4 + (200,) * 4 + (401,) * 4,
    "POST /submissions/<id>/regrade": _CHANGE,
    "POST /submissions/<id>/comments": _CHANGE,
    # Somebody else's.
    "POST /submissions/<id>/comments/<comment>": (*_CHANGE[:4], 404, 404, 404, *_CHANGE[7:]),
    "POST /submissions/<id>/comments/<comment>/delete": (*_CHANGE[:4], 404, 404, 404, *_CHANGE[7:]),
    "GET /challenges": _READ,
    "GET /challenges/<slug>": _READ,
    # Recruiters have no use for it.
    "GET /workshop": (*_READ[:4], 403, *_READ[5:]),
    "GET /workshop/<slug>": (*_READ[:4], 403, *_READ[5:]),
    # Admins'. Nobody is told anything here; tests/pages/test_webhooks.py has it.
    "GET /webhooks": _ADMIN_READ,
    "GET /webhooks/deliveries": (401,) * 4 + (403, 403, 200, 200) + (401,) * 4,
    "POST /webhooks/test": _ADMIN_CHANGE,
    "POST /webhooks/<id>/again": _ADMIN_CHANGE,
    "GET /regrades": _INVITER_READ,
    "POST /regrades": _INVITER_CHANGE,
    "GET /regrades/<id>": _INVITER_READ,
    "GET /regrades/<id>/state": (401,) * 4 + (200, 403, 200, 200) + (401,) * 4,
    "POST /regrades/<id>/apply": _INVITER_CHANGE,
    "POST /regrades/<id>/drop": _INVITER_CHANGE,
    "POST /regrades/<id>/retry": _INVITER_CHANGE,
    "POST /sign-out": _CHANGE,
    "GET /second-factor": _READ,
    "GET /account": _READ,
    "POST /account/sessions": _CHANGE,
    "POST /account/second-factor/remove": _CHANGE,
    "POST /account/tokens": (*_CHANGE[:4], 200, 200, 200, *_CHANGE[7:]),
    "POST /account/tokens/<id>/end": _CHANGE,
    "POST /account/provider/unlink": _CHANGE,
    "POST /second-factor": (*_CHANGE[:4], 200, 200, 200, *_CHANGE[7:]),
    "POST /second-factor/confirm": (*_CHANGE[:4], 200, 200, 200, *_CHANGE[7:]),
    "GET /people": _INVITER_READ,
    "POST /people": (*_INVITER_CHANGE[:4], 200, 403, 200, *_INVITER_CHANGE[7:]),
    "POST /people/<id>/revoke": _INVITER_CHANGE,
    "GET /people/<id>": _INVITER_READ,
    "POST /people/<id>/time": _INVITER_CHANGE,
    "POST /people/<id>/notes": _INVITER_CHANGE,
    "POST /people/<id>/erase": _INVITER_CHANGE,
    "GET /people/<id>/everything.json": _INVITER_READ,
    "GET /assessments/<source>/candidates.csv": _INVITER_READ,
    "GET /assessments/<source>/candidates.json": _INVITER_READ,
    "GET /assessments/<source>/compare": _INVITER_READ,
    "GET /work/everything.json": _MINE,
    "POST /people/<id>/link": (*_INVITER_CHANGE[:4], 200, 403, 200, *_INVITER_CHANGE[7:]),
    # No mail is set up here; tests/pages/test_mailing.py has it.
    "POST /people/<id>/remind": (*_INVITER_CHANGE[:4], 404, 403, 404, *_INVITER_CHANGE[7:]),
    "POST /assessments/<source>/remind": (*_INVITER_CHANGE[:4], 404, 403, 404, *_INVITER_CHANGE[7:]),
    "POST /people/<id>/share": (*_INVITER_CHANGE[:4], 200, 403, 200, *_INVITER_CHANGE[7:]),
    "POST /people/<id>/share/<share>/end": _INVITER_CHANGE,
    "GET /shared": (200,) * _ANYBODY,
    "POST /shared": (200,) * _ANYBODY,
    # Engineers review, too.
    "GET /reviews": _READ,
    "GET /people/<id>/review": _READ,
    "POST /people/<id>/review": _CHANGE,
    "GET /work/<slug>/explanation": _MINE,
    "POST /work/<slug>/explanation": _MY_CHANGE,
    "GET /assessments": _INVITER_READ,
    "GET /assessments/new": _INVITER_READ,
    "POST /assessments": _INVITER_CHANGE,
    "GET /assessments/<source>": _INVITER_READ,
    "GET /assessments/<source>/candidates": (401,) * 4 + (200, 403, 200, 200) + (401,) * 4,
    "GET /assessments/<source>/preview": _INVITER_READ,
    "POST /assessments/<source>/archive": _INVITER_CHANGE,
    "POST /assessments/<source>/invite": (*_INVITER_CHANGE[:4], 200, 403, 200, *_INVITER_CHANGE[7:]),
    # This candidate was invited to a challenge alone.
    "POST /work/begin": (303,) * 9 + (404, 403, 303),
    "GET /work/done": (303,) * 9 + (404, 404, 303),
    "POST /work/done": (303,) * 9 + (404, 403, 303),
    "POST /people/<id>/reopen": _INVITER_CHANGE,
    # Without a clock there is no line of it.
    "GET /work/clock": (401,) * 9 + (303, 303, 401),
    "GET /work": _MINE,
    "GET /work/<slug>": _MINE,
    "GET /work/<slug>/starter.zip": _MINE,
    "POST /work/<slug>": _MY_CHANGE,
    "GET /work/<slug>/editor": _MINE,
    "POST /work/<slug>/draft": (*_MINE[:9], 200, 403, 303),
    "GET /work/<slug>/changes": _MINE,
    "POST /work/<slug>/send-draft": _MY_CHANGE,
    "POST /work/<slug>/visible-tests": (303,) * 9 + (202, 403, 303),
    "POST /work/<slug>/visible-tests/<id>/stop": (303,) * 9 + (204, 403, 303),
    "GET /work/<slug>/visible-tests/<id>/events": _MINE,
    "GET /work/attempts/<id>": _MINE,
    "GET /work/attempts/<id>/state": (401,) * 9 + (200, 200, 401),
    "POST /leave": _MY_CHANGE,
    "GET /start": (200,) * _ANYBODY,
    "POST /start": (303,) * _ANYBODY,
    "GET /password": (200,) * _ANYBODY,
    "POST /password": (303,) * _ANYBODY,
    "POST /password/code": (404,) * _ANYBODY,
    "GET /": (302,) * _ANYBODY,
    "GET /sign-in": (200,) * _ANYBODY,
    "POST /sign-in": (303,) * _ANYBODY,
    # No provider is set up here; tests/pages/test_oidc.py has one.
    "GET /sign-in/oidc": (404,) * _ANYBODY,
    "GET /sign-in/oidc/back": (404,) * _ANYBODY,
    "POST /sign-in/oidc/back": (404,) * _ANYBODY,
    "POST /sign-in/oidc/code": (404,) * _ANYBODY,
    "GET /assets/<name>": (200,) * _ANYBODY,
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
    if "link" in name:
        client, headers = by_link(platform)
        if name == "ended link":
            platform.store.tokens.revoke(platform.tokens[Role.CANDIDATE].record.id)
        return client, headers if name != "link without csrf" else {}
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
    if rule.endswith(("/state", "/candidates", "/deliveries", "/clock")):
        headers = headers | {"HX-Request": "true"}  # as the page asks for it
    made = ""
    if rule.startswith("/people/"):
        made = invited(platform).record.id
        if rule.endswith("/reopen"):
            platform.store.invitations.begin(made)
            platform.store.invitations.finish(made)
    elif "<source>" in rule:
        made = platform.store.assessments.add(ASSESSMENT, author="somebody").id
    elif rule.startswith("/account/tokens/"):
        made = _own_token(platform, client)
    elif rule.startswith("/regrades"):
        made = a_regrade(platform, begins="<id>" in rule, fails=rule.endswith("/retry"))
    elif "/visible-tests/" in rule:
        made = _ended_run(platform)
    elif "<id>" in rule:
        made = platform.graded().id
    if "<share>" in rule:
        rule = rule.replace("<share>", platform.store.shares.add(made, 7, with_name=True, author="x").record.id)
    if "<comment>" in rule:
        rule = rule.replace("<comment>", platform.store.comments.add(made, _LINE, "x", author="x"))
    path = rule.replace("<slug>", SLUG).replace("<id>", made).replace("<source>", made)
    if "<name>" in rule:
        style = re.search(r'href="(/assets/[^"]+)"', platform.client.get("/sign-in").text)
        assert style is not None
        path = style[1]
    data: dict[str, Any] | None = None
    if route == "POST /sign-in":
        data = {"account": platform.user(Role.RECRUITER, f"u-{name}".replace(" ", "-")).account, "password": PASSWORD}
    elif route == "POST /password":
        account = platform.user(Role.RECRUITER, f"u-{name}".replace(" ", "-")).account
        data = {"account": account, "code": platform.store.codes.issue(account).text, "new_password": OTHER_PASSWORD}
    elif route.startswith("POST /sign-in/oidc/"):
        data = {"state": "x"} if route.endswith("/back") else {"second_factor": "x"}
    elif route == "POST /password/code":
        data = {"account": "ada@example.org"}
    elif route == "POST /start":
        data = {"code": platform.store.tokens.create(NewToken("new", Role.CANDIDATE, (SLUG,))).text}
    elif route == "POST /people":
        data = {"name": "Ada", "days": "3", f"challenge-{SLUG}": "1"}
    elif route == "POST /people/<id>/time":
        data = {"extra_minutes": "5", "reason": "agreed"}
    elif route == "POST /submissions/<id>/comments":
        data = {"path": "app.py", "side": "after", "line": "1", "text": "x"}
    elif route == "POST /submissions/<id>/comments/<comment>":
        data = {"text": "x"}
    elif route == "POST /people/<id>/reopen":
        data = {"reopen_reason": "a mistake"}
    elif route == "POST /work/done":
        data = {"sure": "1"}
    elif route == "POST /people/<id>/notes":
        data = {"kind": "advance", "text": "good"}
    elif route == "POST /people/<id>/share":
        data = {"share_days": "7"}
    elif route == "POST /shared":
        data = {"code": platform.store.shares.add(invited(platform).record.id, 7, with_name=True, author="x").text}
    elif route == "POST /regrades":
        data = {"challenge": SLUG, "source": "", "reason": "a test was wrong"}
    elif route.endswith(("/apply", "/drop")):
        data = {"reason": "it is right now"}
    elif route == "POST /people/<id>/erase":
        data = {"why": "she asked", "sure": "1"}
    elif route == "POST /people/<id>/review":
        data = {f"points-{criterion.name}": "2" for criterion in RUBRIC}
    elif route == "POST /work/<slug>/explanation":
        data = {"cause": "a", "choice": "b", "outlook": "c"}
    elif route == "POST /assessments":
        data = {"title": "x", "summary": "y", "pass_line": "60", "attempts": "3", f"challenge-{SLUG}": "1"}
    elif route == "POST /assessments/<source>/invite":
        return client.open(
            path, method=method or own, headers=headers, data={"people": "Ada", "days": "3", "file": (io.BytesIO(), "")}
        )
    elif route == "POST /work/begin":
        data = {"consent": "1"}
    elif route == "POST /work/<slug>":
        data = {"file": (io.BytesIO(FIX_ZIP), "fix.zip")}
    elif route == "POST /work/<slug>/draft":
        data = {"path": "new.py", "revision": "0", "text": (io.BytesIO(b"x = 1\n"), "text")}
    elif route == "POST /work/<slug>/send-draft":
        data = _kept(platform, client)
    elif route == "POST /account/tokens":
        role = next((each for each in ("recruiter", "engineer") if each == name), "admin")
        data = {"password": PASSWORD, "name": "x", "role": role, "scope": "read", "days": "30"}
    elif route == "POST /account/tokens/<id>/end":
        data = None
    elif route.startswith("POST /account/") or route == "POST /second-factor":
        data = {"password": PASSWORD}
    elif route == "POST /second-factor/confirm":
        data = {"second_factor": _first_code(platform, client)}
    answer = client.open(path, method=method or own, headers=headers, data=data)
    if rule.endswith("/events"):
        answer.get_data()
        answer.close()  # which gives its place among the streams back
    return answer


def _ended_run(platform: Platform) -> str:
    """A run of the candidate's visible tests that is over."""
    runs: VisibleRuns = platform.app.extensions["mendbox"].visible
    run = runs.begin("somebody", platform.tokens[Role.CANDIDATE].record.id, SLUG, None)
    runs.end(run.id, VisibleReport(VisibleEnd.PASSED))
    return run.id


def _own_token(platform: Platform, client: FlaskClient) -> str:
    """A token of whoever is signed in; without anybody one of somebody else."""
    signed_in = client.get(SESSION)
    account = signed_in.get_json()["account"] if signed_in.status_code == 200 else platform.sign_in().user.account
    user = platform.store.users.named(account)
    soon = datetime.now(UTC) + timedelta(days=1)
    return platform.store.tokens.create(NewToken("x", user.role, expires_at=soon, owner=user.id)).record.id


def _kept(platform: Platform, client: FlaskClient) -> dict[str, Any]:
    """What the page sends by which a draft is sent, where the caller sees such a page."""
    platform.store.drafts.save(platform.tokens[Role.CANDIDATE].record.id, SLUG, DraftChange("new.py", "x = 1\n", 0))
    found = re.search(r'name="seen" value="([^"]+)"', client.get(f"/work/{SLUG}/changes").text)
    return {"seen": found[1] if found is not None else "x"}


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
    for name in ("none", "ended", "both", "ended link"):
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


def _by_removing(platform: Platform) -> str:
    signed = platform.sign_in()
    platform.store.factors.begin(signed.user, secret_keys(platform))
    sent = {"password": PASSWORD}
    answer = signed.client.post("/account/second-factor/remove", data=sent, headers=signed.headers)
    assert answer.status_code == 303
    return signed.user.id


def _by_provider(platform: Platform) -> str:
    """Come by a provider without an account, get another role there, give the link up; and the id of who did so."""
    with OpenIdServer() as server:
        here = Here(platform, server)
        here.set(oidc_create="recruiter", oidc_domains="example.org", oidc_role_claim="groups", oidc_roles="boss=admin")
        assert here.sign_in().status_code == 303
        server.user["groups"] = ["boss"]
        client = here.browser()
        assert here.sign_in(client).status_code == 303
        (user,) = [each for each in platform.store.users.list() if each.account == "ada@example.org"]
        for path, sent in (("/sign-in/oidc/back", {"state": "x"}), ("/sign-in/oidc/code", {"second_factor": "x"})):
            assert here.browser().post(path, data=sent).status_code == 401
        code = platform.store.codes.issue(user.account).text
        assert platform.store.codes.use(user.account, code, OTHER_PASSWORD) is not None
        assert here.sign_in(client).status_code == 303
        proof = {"X-CSRF-Token": client.get(SESSION).get_json()["csrf_token"]}
        for password, status in (("wrong", 403), (OTHER_PASSWORD, 303)):
            gone = client.post("/account/provider/unlink", data={"password": password}, headers=proof)
            assert gone.status_code == status
    return user.id


def _assess(platform: Platform, signed: SignedIn) -> str:
    """Compose an assessment, invite to it, give time, archive it; and the id of the candidate who began."""
    form = {"title": "x", "summary": "y", "pass_line": "60", "attempts": "3", f"challenge-{SLUG}": "1"}
    made = signed.client.post("/assessments", data=form, headers=signed.headers)
    where = made.headers["Location"]
    people = {"people": "Ada", "days": "3"}
    sent = {"data": people, "headers": signed.headers, "content_type": "multipart/form-data"}
    assert signed.client.post(f"{where}/invite", **sent).status_code == 200
    (record,) = platform.store.invitations.page(where.rpartition("/")[2]).items
    time = {"extra_minutes": "5", "reason": "agreed"}
    assert signed.client.post(f"/people/{record.token_id}/time", data=time, headers=signed.headers).status_code == 303
    for kind in ("note", "hold"):
        noted = {"kind": kind, "text": "x"}
        assert (
            signed.client.post(f"/people/{record.token_id}/notes", data=noted, headers=signed.headers).status_code
            == 303
        )
    points = {f"points-{criterion.name}": "2" for criterion in RUBRIC}
    reviewed = signed.client.post(f"/people/{record.token_id}/review", data=points, headers=signed.headers)
    assert reviewed.status_code == 303
    of_one = f"/people/{record.token_id}/share"
    shared = signed.client.post(of_one, data={"share_days": "7"}, headers=signed.headers)
    code = re.search(r"/shared#(mbx_[A-Za-z0-9_-]+)", shared.text)
    assert code is not None
    assert platform.client.post("/shared", data={"code": code[1]}).status_code == 200
    (share,) = platform.store.shares.of(record.token_id)
    assert signed.client.post(f"{of_one}/{share.id}/end", headers=signed.headers).status_code == 303
    gone = {"why": "asked", "sure": "1"}
    assert signed.client.post(f"/people/{record.token_id}/erase", data=gone, headers=signed.headers).status_code == 303
    assert signed.client.post(f"{where}/archive", headers=signed.headers).status_code == 303
    token = invited(platform)
    client, proof = by_link(platform, token)
    assert client.post("/work/begin", data={"consent": "1"}, headers=proof).status_code == 303
    assert client.post("/work/done", data={"sure": "1"}, headers=proof).status_code == 303
    again = {"reopen_reason": "a mistake"}
    assert (
        signed.client.post(f"/people/{token.record.id}/reopen", data=again, headers=signed.headers).status_code == 303
    )
    return token.record.id


def _by_hooks(platform: Platform) -> str:
    """Have a test sent, and again, where others are told; and the id of who did."""
    signed = platform.sign_in(Role.ADMIN, platform.another_app(webhook_url="https://hooks.example/x"))
    assert signed.client.post("/webhooks/test", headers=signed.headers).status_code == 303
    (id,) = platform.store.webhooks.due()  # noqa: A001
    attempt = platform.store.webhooks.take(id)
    assert attempt is not None
    assert platform.store.webhooks.record(attempt, Answer(204)) is not None
    assert signed.client.post(f"/webhooks/{id}/again", headers=signed.headers).status_code == 303
    return signed.user.id


def _grade_again(platform: Platform, signed: SignedIn) -> None:
    """Try again what failed in a regrade, apply another, and begin a third and drop it."""

    def post(path: str, data: dict[str, str] | None = None) -> TestResponse:
        answer = signed.client.post(path, data=data, headers=signed.headers)
        assert answer.status_code == 303, answer.text
        return answer

    why = {"reason": "x"}
    post(f"/regrades/{a_regrade(platform, fails=True)}/retry")
    post(f"/regrades/{a_regrade(platform)}/apply", why)
    begun = post("/regrades", {"challenge": SLUG} | why).headers["Location"]
    post(f"{begun}/drop", why)


def _by_mail(platform: Platform) -> str:
    """Ask for a code, invite somebody by mail, and the id of who did the latter."""
    account = platform.user(Role.RECRUITER, "forgetful@example.org").account
    before = len(platform.store.audit.page(AuditFilter(action="user.code")).items)
    with MailServer() as server:
        # A code counts from when it was mailed.
        asks = with_mail(platform, server.port).test_client()
        assert asks.post("/password/code", data={"account": account}).status_code == 200
        until = time.monotonic() + 10
        while len(platform.store.audit.page(AuditFilter(action="user.code")).items) == before:
            assert time.monotonic() < until
            time.sleep(0.05)
    source = platform.store.assessments.add(ASSESSMENT, author="somebody").id
    # Nobody is there: what else is asked for is written down before it is tried.
    app = with_mail(platform, 1)
    signed = platform.sign_in(app=app)
    assert invite(signed, source, "Ada, ada@example.org", mail="1").status_code == 200
    (record,) = platform.store.invitations.page(source).items
    for path in (
        f"/people/{record.token_id}/link",
        f"/people/{record.token_id}/remind",
        f"/assessments/{source}/remind",
    ):
        assert signed.client.post(path, headers=signed.headers).status_code == 200
    assert len(platform.store.audit.page(AuditFilter(action="invitation.remind")).items) == 2
    return signed.user.id


def test_each_change_is_in_the_audit_trail_with_who_made_it(platform: Platform) -> None:
    deeds = {
        (deed, endpoint)
        for endpoint, policy in policies_of(platform.app).items()
        if is_page(endpoint)
        for deed in policy.deeds
    }
    provided = _by_provider(platform)
    chosen = _by_code(platform)
    mailing = _by_mail(platform)
    hooking = _by_hooks(platform)
    confirmed, removing = _by_confirming(platform), _by_removing(platform)
    signed = platform.sign_in()
    submission = platform.graded()
    refused = platform.client.post("/sign-in", data={"account": signed.user.account, "password": "wrong"})
    assert refused.status_code == 401
    own_deeds = {
        ("session.end_others", "/account/sessions", "password", PASSWORD, 303),
        ("session.refuse", "/account/sessions", "password", "wrong", 403),
        ("session.refuse", "/account/second-factor/remove", "password", "wrong", 403),
        ("session.refuse", "/account/tokens", "password", "wrong", 403),
        ("token.create", "/account/tokens", "password", PASSWORD, 200),
        ("user.factor_begin", "/second-factor", "password", PASSWORD, 200),
        ("session.refuse", "/second-factor", "password", "wrong", 403),
        ("session.refuse", "/second-factor/confirm", "second_factor", "0", 403),
    }
    for deed, path, field, value, status in own_deeds:
        before = len(platform.store.audit.page(AuditFilter(action=deed)).items)
        more = {"name": "x", "role": "recruiter", "scope": "all", "days": "1"} if path == "/account/tokens" else {}
        assert signed.client.post(path, data={field: value} | more, headers=signed.headers).status_code == status
        assert len(platform.store.audit.page(AuditFilter(action=deed)).items) == before + 1
    (own,) = platform.store.tokens.of(signed.user.id)
    before = len(platform.store.audit.page(AuditFilter(action="token.revoke")).items)
    assert signed.client.post(f"/account/tokens/{own.id}/end", headers=signed.headers).status_code == 303
    assert len(platform.store.audit.page(AuditFilter(action="token.revoke")).items) == before + 1
    began = _assess(platform, signed)
    fields = {"name": "Grace", "days": "3", f"challenge-{SLUG}": "1"}
    assert signed.client.post("/people", data=fields, headers=signed.headers).status_code == 200
    (token,) = [each for each in platform.store.tokens.page(role=Role.CANDIDATE).items if each.name == "Grace"]
    assert signed.client.post(f"/people/{token.id}/revoke", headers=signed.headers).status_code == 303
    client, proof = by_link(platform)
    fix = {"file": (io.BytesIO(FIX_ZIP), "fix.zip")}
    assert client.post(f"/work/{SLUG}", data=fix, headers=proof).status_code == 303
    assert client.post(f"/work/{SLUG}/explanation", data={"cause": "x"}, headers=proof).status_code == 303
    kept = {"path": "new.py", "revision": "0", "text": (io.BytesIO(b"x = 1\n"), "text")}
    assert client.post(f"/work/{SLUG}/draft", data=kept, headers=proof).status_code == 200
    run = client.post(f"/work/{SLUG}/visible-tests", headers=proof)
    assert run.status_code == 202
    stopped = f"/work/{SLUG}/visible-tests/{run.get_json()['id']}/stop"
    assert client.post(stopped, headers=proof).status_code == 204
    before = len(platform.store.audit.page(AuditFilter(action="submission.add")).items)
    assert client.post(f"/work/{SLUG}/send-draft", data=_kept(platform, client), headers=proof).status_code == 303
    assert len(platform.store.audit.page(AuditFilter(action="submission.add")).items) == before + 1
    assert client.post("/leave", headers=proof).status_code == 303
    candidate = platform.tokens[Role.CANDIDATE].record.id
    tried = {
        ("token.create", "pages_people.invite"): signed.user.id,
        ("token.revoke", "pages_people.revoke"): signed.user.id,
        ("token.create", "pages_own_tokens.make_token"): signed.user.id,
        ("session.refuse", "pages_own_tokens.make_token"): "anonymous",
        ("token.revoke", "pages_own_tokens.end_token"): signed.user.id,
        ("assessment.add", "pages_assessments.add_assessment"): signed.user.id,
        ("assessment.archive", "pages_assessments.archive"): signed.user.id,
        ("token.create", "pages_inviting.invite"): signed.user.id,
        ("invitation.mail", "pages_inviting.invite"): mailing,
        ("invitation.allow", "pages_people.give_time"): signed.user.id,
        ("candidate.note", "pages_people.note"): signed.user.id,
        ("share.add", "pages_sharing.share"): signed.user.id,
        ("share.end", "pages_sharing.end_share"): signed.user.id,
        ("share.open", "pages_sharing.show_shared"): "anonymous",
        ("candidate.erase", "pages_people.erase"): signed.user.id,
        ("candidate.decide", "pages_people.note"): signed.user.id,
        ("review.add", "pages_reviewing.review"): signed.user.id,
        ("explanation.save", "pages_explaining.explain"): candidate,
        ("invitation.begin", "pages_candidate.begin"): began,
        ("comment.add", "pages_commenting.add"): signed.user.id,
        ("comment.edit", "pages_commenting.edit"): signed.user.id,
        ("comment.delete", "pages_commenting.delete"): signed.user.id,
        ("invitation.finish", "pages_finishing.finish"): began,
        ("invitation.reopen", "pages_finishing.reopen"): signed.user.id,
        ("link.open", "pages_candidate.start"): candidate,
        ("link.close", "pages_candidate.leave"): candidate,
        ("submission.add", "pages_candidate.send"): candidate,
        ("draft.save", "pages_editor.save"): candidate,
        ("visible-tests.run", "pages_visible.run_visible_tests"): candidate,
        ("visible-tests.stop", "pages_visible.stop_visible_tests"): candidate,
        ("submission.add", "pages_editor.send_draft"): candidate,
        ("user.factor_begin", "pages_account.begin_factor"): signed.user.id,
        ("session.refuse", "pages_account.begin_factor"): "anonymous",
        ("session.refuse", "pages_account.confirm_factor"): "anonymous",
        ("user.factor", "pages_account.confirm_factor"): confirmed,
        ("session.end_others", "pages_own_account.end_others"): signed.user.id,
        ("session.refuse", "pages_own_account.end_others"): "anonymous",
        ("session.refuse", "pages_own_account.remove_factor"): "anonymous",
        ("user.factor_remove", "pages_own_account.remove_factor"): removing,
        ("user.password", "pages_account.choose_password"): chosen,
        ("session.refuse", "pages_account.choose_password"): "anonymous",
        ("user.code", "pages_account.send_code"): "anonymous",
        ("token.renew", "pages_links.renew"): mailing,
        ("invitation.mail", "pages_links.renew"): mailing,
        ("invitation.remind", "pages_links.remind"): mailing,
        ("invitation.remind", "pages_links.remind_all"): mailing,
        ("session.begin", "pages_sign_in.sign_in"): signed.user.id,
        # Each is of the trail's last deed of its kind, which somebody else did.
        ("session.begin", "pages_oidc.arrive"): signed.user.id,
        ("session.refuse", "pages_oidc.arrive"): "anonymous",
        ("session.begin", "pages_oidc.show_code"): signed.user.id,
        ("session.refuse", "pages_oidc.show_code"): "anonymous",
        ("user.add", "pages_oidc.arrive"): SYSTEM,
        ("user.link", "pages_oidc.arrive"): provided,
        ("user.role", "pages_oidc.arrive"): provided,
        ("user.unlink", "pages_own_account.unlink"): provided,
        ("session.refuse", "pages_own_account.unlink"): "anonymous",
        ("session.refuse", "pages_sign_in.sign_in"): "anonymous",
        ("webhook.test", "pages_webhooks.send_test"): hooking,
        ("webhook.replay", "pages_webhooks.send_again"): hooking,
        ("grading.regrade", "pages_submissions.regrade"): signed.user.id,
        ("regrade.begin", "pages_regrades.begin"): signed.user.id,
        ("regrade.retry", "pages_regrades.retry"): signed.user.id,
        ("regrade.apply", "pages_regrades.apply"): signed.user.id,
        ("regrade.drop", "pages_regrades.drop"): signed.user.id,
        ("session.end", "pages_sign_in.sign_out"): signed.user.id,
    }
    _grade_again(platform, signed)
    of_one = f"/submissions/{submission.id}/comments"
    said = {"path": "app.py", "side": "after", "line": "1", "text": "x"}
    assert signed.client.post(of_one, data=said, headers=signed.headers).status_code == 303
    (remark,) = platform.store.comments.of(submission.id)
    changed = {"data": {"text": "y"}, "headers": signed.headers}
    assert signed.client.post(f"{of_one}/{remark.id}", **changed).status_code == 303
    assert signed.client.post(f"{of_one}/{remark.id}/delete", headers=signed.headers).status_code == 303
    for path in (f"/submissions/{submission.id}/regrade", "/sign-out"):
        assert signed.client.post(path, headers=signed.headers).status_code == 303
    assert deeds == set(tried)
    for (deed, _), actor in tried.items():
        assert platform.store.audit.page(AuditFilter(action=deed)).items[0].deed.actor == actor, deed
