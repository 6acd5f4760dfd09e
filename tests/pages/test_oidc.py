"""Signing in by an OpenID provider: a real one, on this machine, that is honest unless it is told to cheat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from playwright.sync_api import Browser, expect
from pyotp import TOTP
from requests import get
from sqlalchemy import update
from werkzeug.test import TestResponse

from store.records import AuditFilter, Role, UserRecord
from store.tables import SessionRow
from tests.api.conftest import PASSWORD, SESSION, Platform, secret_keys
from tests.pages.conftest import served
from tests.support.openid import OpenIdServer, parameters_of

BACK = "/sign-in/oidc/back"
STRANGER = RSAKey.generate_key(2048, {"kid": "first"}, private=True)


@dataclass
class Here:
    """A platform whose people sign in by `server`."""

    platform: Platform
    server: OpenIdServer
    settings: dict[str, Any] = field(default_factory=dict)
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.set()

    def set(self, **settings: Any) -> None:
        """The platform anew, with these settings beside."""
        self.app = self.platform.another_app(**self.server.settings(**settings))

    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def at_provider(self, client: FlaskClient, **query: str) -> dict[str, str]:
        """What the browser brings back from there."""
        went = client.get("/sign-in/oidc", query_string=query)
        assert went.status_code == 302, went.text
        answer = get(went.headers["Location"], allow_redirects=False, timeout=10)
        assert answer.headers["Location"].startswith(f"http://localhost{BACK}?")
        return parameters_of(answer.headers["Location"])

    def sign_in(self, client: FlaskClient | None = None, **query: str) -> TestResponse:
        """All of it, as a browser does it."""
        client = client or self.browser()
        brought = self.at_provider(client, **query)
        form = client.get(BACK, query_string=brought)
        assert form.status_code == 200
        fields = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">', form.text))
        assert fields == brought
        return client.post(BACK, data=fields)

    def refusals(self) -> list[tuple[str, str]]:
        """Who was meant, and why nobody got in; the last first."""
        found = self.platform.store.audit.page(AuditFilter(action="session.refuse")).items
        return [(each.deed.object_id, str(each.deed.detail["lacking"])) for each in found]

    def deeds(self, action: str) -> int:
        return len(self.platform.store.audit.page(AuditFilter(action=action)).items)


@pytest.fixture
def here(platform: Platform) -> Iterator[Here]:
    with OpenIdServer() as server:
        yield Here(platform, server)


@pytest.fixture
def ada(platform: Platform) -> UserRecord:
    return platform.user(Role.RECRUITER, "ada@example.org")


def _with_factor(platform: Platform, user: UserRecord) -> tuple[str, ...]:
    """Gives the user a second factor; their recovery codes."""
    made = platform.store.factors.begin(user, secret_keys(platform))
    confirmed = platform.store.factors.confirm(user, TOTP(made.secret).now(), secret_keys(platform))
    assert confirmed is not None
    return confirmed[1]


def test_whoever_has_an_account_comes_by_the_provider_to_where_they_wanted_to_go(here: Here, ada: UserRecord) -> None:
    client = here.browser()
    form = client.get("/sign-in?next=/challenges")
    assert 'href="/sign-in/oidc?next=/challenges"' in form.text
    assert "Sign in with Example Inc" in form.text
    answer = here.sign_in(client, next="/challenges")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/challenges")
    assert client.get("/challenges").status_code == 200
    assert client.get(SESSION).get_json()["account"] == ada.account
    (deed,) = here.platform.store.audit.page(AuditFilter(action="session.begin")).items
    assert (deed.deed.actor, deed.deed.detail["by"]) == (ada.id, "provider")
    assert here.sign_in().status_code == 303
    assert here.deeds("user.link") == 1


def test_where_no_provider_is_set_there_is_no_way_to_one(platform: Platform) -> None:
    assert "oidc" not in platform.client.get("/sign-in").text
    for path in ("/sign-in/oidc", BACK):
        assert platform.client.get(path).status_code == 404
    for path in (BACK, "/sign-in/oidc/code"):
        assert platform.client.post(path, data={"state": "x"}).status_code == 404


def test_the_session_that_the_browser_had_ends(here: Here, ada: UserRecord) -> None:
    client = here.browser()
    assert here.sign_in(client).status_code == 303
    first = client.get_cookie("mendbox_session")
    assert first is not None
    assert here.sign_in(client).status_code == 303
    second = client.get_cookie("mendbox_session")
    assert second is not None
    assert second.value != first.value
    other = here.browser()
    other.set_cookie("mendbox_session", first.value)
    assert other.get(SESSION).status_code == 401


def test_what_came_back_counts_once_and_in_the_browser_that_began(here: Here, ada: UserRecord) -> None:
    mine, other = here.browser(), here.browser()
    brought = here.at_provider(mine)
    kept = mine.get_cookie("mendbox_oidc")
    assert kept is not None
    for part in (brought["state"], here.server.asked[0].parameters["nonce"]):
        assert part not in kept.value
    # Without a cookie, with the cookie of another sign-in, with a state that is none.
    assert other.post(BACK, data=brought).status_code == 401
    here.at_provider(other)
    assert other.post(BACK, data=brought).status_code == 401
    assert here.refusals()[:2] == [("", "provider: attempt")] * 2
    assert mine.post(BACK, data=brought).status_code == 303
    # The same once more, as whoever has got hold of both would send it.
    thief = here.browser()
    thief.set_cookie("mendbox_oidc", kept.value)
    replayed = thief.post(BACK, data=brought)
    assert (replayed.status_code, "used already" in replayed.text) == (401, True)
    assert here.deeds("session.begin") == 1


def _altered(cookie: str) -> str:
    """The same with another first character of its signature: of the last one, not every bit counts."""
    rest, _, signature = cookie.rpartition(".")
    return f"{rest}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def test_a_cookie_that_is_not_ours_or_too_old_began_nothing(here: Here, ada: UserRecord) -> None:
    client = here.browser()
    brought = here.at_provider(client)
    kept = client.get_cookie("mendbox_oidc")
    assert kept is not None
    for forged in (_altered(kept.value), "x", "", kept.value.partition(".")[0]):
        client.set_cookie("mendbox_oidc", forged)
        assert client.post(BACK, data=brought).status_code == 401


Cheat = Callable[[OpenIdServer, dict[str, Any]], str]
CHEATS: dict[str, Cheat] = {
    "another key": lambda server, claims: server.signed(claims, STRANGER),
    "another issuer": lambda server, claims: server.signed(claims | {"iss": "https://evil.example"}),
    "another client": lambda server, claims: server.signed(claims | {"aud": "other"}),
    "another nonce": lambda server, claims: server.signed(claims | {"nonce": "x"}),
    "too old": lambda server, claims: server.signed(claims | {"exp": claims["iat"] - 3600}),
    "no token": lambda _server, _claims: "",
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_token_that_does_not_hold_signs_nobody_in(here: Here, ada: UserRecord, cheat: str) -> None:
    here.server.cheat = CHEATS[cheat]
    client = here.browser()
    answer = here.sign_in(client)
    assert (answer.status_code, "does not hold" in answer.text) == (401, True)
    assert here.refusals() == [("", "provider: token")]
    assert client.get_cookie("mendbox_session") is None
    assert here.platform.store.identities.of(ada.id) == ()


def test_what_another_provider_sends_is_not_taken_to_ours(here: Here, ada: UserRecord) -> None:
    for change in ({"iss": "https://evil.example"}, {"iss": ""}):
        client = here.browser()
        brought = here.at_provider(client)
        before = here.server.requests.count("/realms/here/token")
        assert client.post(BACK, data=brought | change).status_code == 401
        assert here.server.requests.count("/realms/here/token") == before
    here.server.discovery = {"authorization_response_iss_parameter_supported": False}
    here.set()
    client = here.browser()
    brought = here.at_provider(client)
    del brought["iss"]
    assert client.post(BACK, data=brought).status_code == 303


def test_whoever_changes_their_mind_is_told_so(here: Here, ada: UserRecord) -> None:
    here.server.refuses = "access_denied"
    answer = here.sign_in(next="/challenges")
    assert (answer.status_code, "You did not sign in there." in answer.text) == (401, True)
    assert 'href="/sign-in/oidc?next=/challenges"' in answer.text
    here.server.refuses = "server_error"
    assert "did not let you sign in" in here.sign_in().text
    assert [why for _, why in here.refusals()] == ["provider: provider", "provider: cancelled"]


def test_whoever_has_no_account_is_told_whom_to_ask(here: Here) -> None:
    answer = here.sign_in()
    assert (answer.status_code, "ask your admin to invite you" in answer.text) == (403, True)
    here.server.user = {"sub": "ada-1", "email": "ada@example.org", "email_verified": False}
    assert "does not vouch for your mail address" in here.sign_in().text
    assert here.platform.store.users.list() == ()


def test_an_address_that_is_not_verified_links_nobody(here: Here, ada: UserRecord) -> None:
    here.server.user = {"sub": "eve-1", "email": "ada@example.org", "email_verified": False}
    assert here.sign_in().status_code == 403
    assert here.platform.store.identities.of(ada.id) == ()


def test_another_domain_and_a_closed_account_are_told_apart(here: Here, ada: UserRecord) -> None:
    here.set(oidc_domains="example.com")
    assert "of a domain that is not let in here" in here.sign_in().text
    here.set(oidc_domains="example.org")
    here.platform.store.users.disable(ada.account)
    assert "Your account here is closed" in here.sign_in().text
    assert here.refusals()[0] == (ada.id, "provider: account closed")


def test_accounts_are_made_and_roles_follow_where_that_is_set(here: Here) -> None:
    roles = {"oidc_role_claim": "groups", "oidc_roles": "bosses=admin"}
    here.set(oidc_create="recruiter", oidc_domains="example.org", **roles)
    client = here.browser()
    assert here.sign_in(client).status_code == 303
    assert client.get(SESSION).get_json()["role"] == "recruiter"
    here.server.user |= {"groups": ["bosses"]}
    assert here.sign_in(client).status_code == 303
    assert client.get(SESSION).get_json()["role"] == "admin"
    here.set(**roles)
    here.server.user |= {"groups": ["others"]}
    assert "none of those there who may work here" in here.sign_in().text


def test_a_provider_that_is_down_is_said_and_the_password_still_opens(here: Here, ada: UserRecord) -> None:
    client = here.browser()
    brought = here.at_provider(client)
    here.server.is_down = True
    answer = client.post(BACK, data=brought)
    assert (answer.status_code, "be reached at present" in answer.text) == (503, True)
    here.set()
    answer = here.browser().get("/sign-in/oidc?next=/challenges")
    assert (answer.status_code, "be reached at present" in answer.text) == (503, True)
    assert 'name="next" value="/challenges"' in answer.text
    entered = here.browser().post("/sign-in", data={"account": ada.account, "password": PASSWORD})
    assert entered.status_code == 303


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/sign-out"])
def test_nobody_is_led_to_another_site(here: Here, ada: UserRecord, wanted: str) -> None:
    assert here.sign_in(next=wanted).headers["Location"] == "/submissions"


def test_another_site_can_begin_no_sign_in_and_end_none(here: Here, ada: UserRecord) -> None:
    client = here.browser()
    began = client.get("/sign-in/oidc", headers={"Sec-Fetch-Site": "cross-site"})
    assert (began.status_code, began.headers["Location"]) == (302, "/sign-in")
    brought = here.at_provider(client)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(BACK, data=brought, headers=headers).status_code == 403
        assert client.post("/sign-in/oidc/code", data={"second_factor": "1"}, headers=headers).status_code == 403


def test_what_is_sent_back_is_text_and_bounded(here: Here) -> None:
    evil = {"code": '"><script>alert(1)</script>', "state": "x" * 201, "error_description": "<b>"}
    shown = here.browser().get(BACK, query_string=evil)
    assert "<script>alert" not in shown.text
    assert "xxx" not in shown.text
    assert "<b>" not in shown.text
    assert (
        "name=" not in here.browser().get(f"{BACK}?state=a&state=b").text.partition("<form")[2].partition("<button")[0]
    )


def test_arrivals_are_counted_by_address(here: Here, ada: UserRecord) -> None:
    here.set(sign_ins_per_address=2)
    answers = [here.browser().post(BACK, data={"state": "x"}) for _ in range(2)]
    here.sign_in()
    answers.append(here.sign_in())
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert "Try again in" in answers[2].text
    assert int(answers[2].headers["Retry-After"]) > 0


def test_a_second_factor_here_is_asked_for_after_the_provider(here: Here, ada: UserRecord) -> None:
    codes = _with_factor(here.platform, ada)
    client = here.browser()
    asked = here.sign_in(client, next="/challenges")
    assert (asked.status_code, 'name="second_factor"' in asked.text) == (200, True)
    assert client.get(SESSION).status_code == 401
    # What the browser keeps now is no attempt, and the other way round.
    assert client.post(BACK, data={"state": "x", "code": "y"}).status_code == 401
    asked = here.sign_in(client, next="/challenges")
    for wrong in ("000000", ""):
        answer = client.post("/sign-in/oidc/code", data={"second_factor": wrong})
        assert (answer.status_code, "not right" in answer.text) == (401, True)
    answer = client.post("/sign-in/oidc/code", data={"second_factor": codes[0]})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/challenges")
    assert client.get(SESSION).get_json()["account"] == ada.account
    assert here.browser().post("/sign-in/oidc/code", data={"second_factor": codes[1]}).status_code == 401


@pytest.mark.parametrize(
    ("where", "amr", "is_asked"),
    [
        ("provider", None, False),
        ("amr", ["pwd", "mfa"], False),
        ("amr", ["pwd"], True),
        ("amr", None, True),
        ("here", ["mfa"], True),
    ],
)
def test_where_the_second_factor_is_asked_for_is_a_setting(
    here: Here, ada: UserRecord, where: str, amr: list[str] | None, is_asked: bool
) -> None:
    here.set(oidc_second_factor=where, second_factor="required")
    here.server.user |= {"amr": amr} if amr else {}
    client = here.browser()
    # One who has none may do nothing before they have, unless the provider asks for one.
    assert here.sign_in(client).status_code == 303
    assert client.get("/submissions").status_code == (303 if is_asked else 200)
    _with_factor(here.platform, ada)
    assert here.sign_in().status_code == (200 if is_asked else 303)


def test_whoever_has_just_come_sets_up_a_second_factor_without_a_password(here: Here) -> None:
    here.set(oidc_create="recruiter", oidc_domains="example.org", second_factor="required")
    client = here.browser()
    assert here.sign_in(client).status_code == 303
    csrf = {"X-CSRF-Token": client.get(SESSION).get_json()["csrf_token"]}
    form = client.get("/second-factor")
    assert 'type="password"' not in form.text
    assert "<code>" in client.post("/second-factor", data={"password": ""}, headers=csrf).text
    # Some time later the provider has to say so once more.
    with here.platform.store.engine.begin() as connection:
        began = here.platform.store.users.list()[0].last_sign_in_at
        assert began is not None
        connection.execute(update(SessionRow).values(created_at=began - timedelta(minutes=11)))
    form = client.get("/second-factor")
    assert 'href="/sign-in/oidc?next=/second-factor&amp;again=1"' in form.text
    assert client.post("/second-factor", data={"password": ""}, headers=csrf).status_code == 422
    began_there = client.get("/sign-in/oidc?next=/second-factor&again=1").headers["Location"]
    assert parameters_of(began_there)["prompt"] == "login"


def test_passwords_open_nothing_where_the_provider_is_the_only_way_but_for_admins_without_it(
    here: Here, ada: UserRecord
) -> None:
    here.platform.user(Role.ADMIN, "root@example.org")
    here.set(oidc_only=True)
    shown = here.browser().get("/sign-in").text
    assert "Administrators without an account there" in shown

    def enter(account: str) -> TestResponse:
        return here.browser().post("/sign-in", data={"account": account, "password": PASSWORD})

    refused = enter(ada.account)
    assert (refused.status_code, "Passwords open nothing here" in refused.text) == (403, True)
    assert enter("root@example.org").status_code == 303
    by_api = here.browser().post(SESSION, json={"account": ada.account, "password": PASSWORD})
    assert by_api.get_json()["type"] == "urn:mendbox:problem:provider-needed"
    code = here.platform.store.codes.issue(ada.account).text
    sent = {"account": ada.account, "code": code, "new_password": "another long password entirely"}
    assert here.browser().post("/password", data=sent).status_code == 403
    # From the first time on that an admin comes by the provider, their password opens nothing either.
    here.server.user = {"sub": "root-1", "email": "root@example.org", "email_verified": True}
    assert here.sign_in().status_code == 303
    assert enter("root@example.org").status_code == 403


def test_a_link_is_shown_and_taken_away_by_whoever_has_a_password(here: Here, ada: UserRecord) -> None:
    client = here.browser()
    assert "Not linked." in _account_page(here, ada)
    assert here.sign_in(client).status_code == 303
    csrf = {"X-CSRF-Token": client.get(SESSION).get_json()["csrf_token"]}
    assert "<code>ada-1</code>" in client.get("/account").text
    for fields, status in (({"password": ""}, 422), ({"password": "wrong"}, 403)):
        assert client.post("/account/provider/unlink", data=fields, headers=csrf).status_code == status
    assert len(here.platform.store.identities.of(ada.id)) == 1
    gone = client.post("/account/provider/unlink", data={"password": PASSWORD}, headers=csrf)
    assert (gone.status_code, here.platform.store.identities.of(ada.id)) == (303, ())
    assert client.get("/account").status_code == 200
    assert here.deeds("user.unlink") == 1


def _account_page(here: Here, user: UserRecord) -> str:
    client = here.browser()
    client.post("/sign-in", data={"account": user.account, "password": PASSWORD})
    return client.get("/account").text


def test_the_only_way_to_sign_in_can_not_be_taken_away(here: Here) -> None:
    here.set(oidc_create="recruiter", oidc_domains="example.org")
    client = here.browser()
    assert here.sign_in(client).status_code == 303
    csrf = {"X-CSRF-Token": client.get(SESSION).get_json()["csrf_token"]}
    shown = client.get("/account").text
    assert "It is your only way to sign in" in shown
    assert "/account/provider/unlink" not in shown
    assert client.post("/account/provider/unlink", data={"password": "x"}, headers=csrf).status_code == 403
    (user,) = here.platform.store.users.list()
    assert len(here.platform.store.identities.of(user.id)) == 1


def test_a_recruiter_signs_in_in_a_browser(here: Here, ada: UserRecord, browser: Browser) -> None:
    said: list[str] = []
    with served(here.app) as address, browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{address}/challenges")
        page.get_by_role("link", name="Sign in with Example Inc").click()
        expect(page).to_have_url(f"{address}/challenges")
        expect(page.get_by_role("link", name="ada@example.org")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        here.server.refuses = "access_denied"
        page.get_by_role("link", name="Sign in with Example Inc").click()
        expect(page.get_by_role("alert").filter(has_text="You did not sign in there.")).to_be_visible()
        # Neither the code nor the state is left in an address.
        assert "?" not in page.url
    unexpected = [text for text in said if "Permissions-Policy" not in text and "401" not in text]
    assert unexpected == []
