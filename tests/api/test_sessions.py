"""Signing in, what a session may do, what a page must send, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from argon2 import PasswordHasher

from api.cookies import cookie_name
from api.csrf import comes_from_us, origin_of
from store.records import ANONYMOUS, AuditFilter, Role
from tests.api.conftest import PASSWORD, SESSION, Platform
from tests.api.sample import SLUG
from tests.api.served.live import WAIT_S, Server, serving

TOKENS = "/api/v1/tokens"
NEW = {"name": "Ada", "role": "candidate", "challenges": [SLUG]}


def _problem(answer: object, status: int) -> str:
    assert answer.status_code == status, answer.text  # type: ignore[attr-defined]
    return str(answer.get_json()["type"]).removeprefix("urn:mendbox:problem:")  # type: ignore[attr-defined]


def test_who_signs_in_has_a_session_that_says_who_they_are(platform: Platform) -> None:
    signed = platform.sign_in(Role.RECRUITER)

    answer = signed.client.get(SESSION)

    assert answer.status_code == 200
    document = answer.get_json()
    assert document["account"] == signed.user.account
    assert document["role"] == "recruiter"
    assert document["csrf_token"] == signed.csrf
    assert document["idle_minutes"] == 30
    left = datetime.fromisoformat(document["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=11) < left <= timedelta(hours=12)
    me = signed.client.get("/api/v1/me").get_json()
    assert (me["user_id"], me["token_id"], me["role"]) == (signed.user.id, None, "recruiter")


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(platform: Platform) -> None:
    user = platform.user()

    answer = platform.client.post(SESSION, json={"account": user.account, "password": PASSWORD})

    cookie, _ = answer.headers.getlist("Set-Cookie")
    name, *attributes = cookie.split("; ")
    assert name.startswith("mendbox_session=")
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=Lax"}


def test_with_tls_the_cookie_is_for_this_host_and_tls_alone(platform: Platform) -> None:
    app = platform.another_app(public_url="https://grades.example.org")
    user = platform.user()
    client = app.test_client()

    answer = client.post(SESSION, json={"account": user.account, "password": PASSWORD}, base_url="https://localhost")

    cookie, _ = answer.headers.getlist("Set-Cookie")
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-mendbox=")
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"}
    assert answer.headers["Strict-Transport-Security"]
    assert client.get(SESSION, base_url="https://localhost").status_code == 200
    assert cookie_name(app.extensions["mendbox"].settings) == "__Host-mendbox"


def test_wrong_password_unknown_and_closed_accounts_are_told_alike_and_cost_one_hash(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.user(account="ada")
    platform.user(account="closed")
    platform.store.users.disable("closed")
    platform.client.post(SESSION, json={"account": "first", "password": "makes the hash of nobody"})
    computed: list[str] = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher, "verify", lambda self, hashed, text: computed.append(hashed) or verify(self, hashed, text)
    )

    told = set()
    for account in ("ada", "nobody", "closed", "no name!"):
        answer = platform.client.post(SESSION, json={"account": account, "password": "not the password"})
        told.add((answer.status_code, answer.text, str(sorted(answer.headers.keys()))))
        assert "Set-Cookie" not in answer.headers

    assert len(told) == 1
    assert next(iter(told))[0] == 401
    assert len(computed) == 4


def test_signing_in_failing_and_signing_out_are_in_the_audit_trail(platform: Platform) -> None:
    signed = platform.sign_in()
    platform.client.post(SESSION, json={"account": signed.user.account, "password": "typed the wrong one"})
    platform.client.post(SESSION, json={"account": "my-password-in-the-wrong-field", "password": "x"})
    assert signed.client.delete(SESSION, headers=signed.headers).status_code == 204

    deeds = [item.deed for item in platform.store.audit.page(AuditFilter(object_kind="user")).items]

    assert [(deed.actor, deed.action, deed.object_id) for deed in deeds[:4]] == [
        (signed.user.id, "session.end", signed.user.id),
        (ANONYMOUS, "session.refuse", ""),
        (ANONYMOUS, "session.refuse", signed.user.id),
        (signed.user.id, "session.begin", signed.user.id),
    ]
    assert "wrong-field" not in str(deeds)
    assert deeds[1].detail == {"address": "127.0.0.1"}


def test_a_session_gets_a_new_id_when_its_browser_signs_in_again(platform: Platform) -> None:
    signed = platform.sign_in()
    before = signed.text

    answer = signed.client.post(SESSION, json={"account": signed.user.account, "password": PASSWORD})

    assert answer.status_code == 201
    assert signed.text != before
    old = platform.client
    old.set_cookie("mendbox_session", before)
    assert _problem(old.get(SESSION), 401) == "unauthenticated"


def test_an_id_that_somebody_planted_is_not_taken_over(platform: Platform) -> None:
    user = platform.user()
    client = platform.client
    client.set_cookie("mendbox_session", "x" * 43)

    client.post(SESSION, json={"account": user.account, "password": PASSWORD})

    cookie = client.get_cookie("mendbox_session")
    assert cookie is not None
    assert cookie.value != "x" * 43


def test_who_signed_out_is_out_and_the_cookie_is_dropped(platform: Platform) -> None:
    signed = platform.sign_in()
    text = signed.text

    answer = signed.client.delete(SESSION, headers=signed.headers)

    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert signed.client.get_cookie("mendbox_session") is None
    stolen = platform.client
    stolen.set_cookie("mendbox_session", text)
    assert _problem(stolen.get(SESSION), 401) == "unauthenticated"


@pytest.mark.parametrize("change", ["idle", "absolute", "password", "disabled"])
def test_a_session_ends(platform: Platform, change: str) -> None:
    signed = platform.sign_in()
    assert signed.client.get(SESSION).status_code == 200
    if change == "password":
        platform.store.users.set_password(signed.user.account, "another long password entirely")
    elif change == "disabled":
        platform.store.users.disable(signed.user.account)
    else:
        later = datetime.now(UTC) + (timedelta(minutes=31) if change == "idle" else timedelta(hours=13))
        if change == "absolute":
            with platform.store.engine.begin() as connection:
                connection.exec_driver_sql("UPDATE sessions SET last_seen_at = '2999-01-01 00:00:00.000000'")
        platform.store._database.now = lambda: later

    assert _problem(signed.client.get(SESSION), 401) == "unauthenticated"


def test_a_change_needs_the_sessions_own_csrf_token(platform: Platform) -> None:
    signed, other = platform.sign_in(Role.ADMIN), platform.sign_in(Role.ADMIN)

    for wrong in (None, "", "x", other.csrf, signed.csrf[:-1], signed.csrf + "x", "ä"):
        headers = {} if wrong is None else {"X-CSRF-Token": wrong}
        assert _problem(signed.client.post(TOKENS, json=NEW, headers=headers), 403) == "csrf-refused", wrong
        assert _problem(signed.client.delete(SESSION, headers=headers), 403) == "csrf-refused", wrong

    assert signed.client.post(TOKENS, json=NEW, headers=signed.headers).status_code == 201
    assert signed.client.get(TOKENS).status_code == 200


def test_a_change_is_written_to_the_user_who_is_signed_in(platform: Platform) -> None:
    signed = platform.sign_in(Role.ADMIN)

    made = signed.client.post(TOKENS, json=NEW, headers=signed.headers).get_json()

    (record,) = platform.store.audit.page(AuditFilter(object_id=made["token"]["id"])).items
    assert (record.deed.actor, record.deed.action) == (signed.user.id, "token.create")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_what_a_browser_sends_for_another_site_is_refused(platform: Platform, headers: dict[str, str]) -> None:
    signed = platform.sign_in(Role.ADMIN)

    answer = signed.client.post(TOKENS, json=NEW, headers={**signed.headers, **headers})
    signing_in = platform.client.post(
        SESSION, json={"account": signed.user.account, "password": PASSWORD}, headers=headers
    )

    assert _problem(answer, 403) == "origin-refused"
    assert _problem(signing_in, 403) == "origin-refused"


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_what_comes_from_the_own_page_is_taken(platform: Platform, headers: dict[str, str]) -> None:
    signed = platform.sign_in(Role.ADMIN)

    assert signed.client.post(TOKENS, json=NEW, headers={**signed.headers, **headers}).status_code == 201


def test_behind_a_proxy_the_public_address_is_the_own_one(platform: Platform) -> None:
    app = platform.another_app(public_url="https://grades.example.org:443/")
    user = platform.user()
    sent = {"account": user.account, "password": PASSWORD}

    assert (
        app.test_client().post(SESSION, json=sent, headers={"Origin": "https://grades.example.org"}).status_code == 201
    )
    assert app.test_client().post(SESSION, json=sent, headers={"Origin": "http://localhost"}).status_code == 403


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Grades.Example.org/x", "https://grades.example.org"),
        ("http://h:80", "http://h"),
        ("http://h:8080/", "http://h:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_the_origin_of_an_address(url: str, origin: str) -> None:
    assert origin_of(url) == origin
    assert comes_from_us(origin, "same-origin", origin)


def test_a_token_and_a_session_at_once_are_refused(platform: Platform) -> None:
    signed = platform.sign_in(Role.ADMIN)

    answer = signed.client.get("/api/v1/me", headers=platform.headers())

    assert _problem(answer, 401) == "two-credentials"


def test_two_cookies_of_the_name_are_none(platform: Platform) -> None:
    signed = platform.sign_in()
    client = platform.app.test_client(use_cookies=False)
    one = f"mendbox_session={signed.text}"

    assert client.get(SESSION, headers={"Cookie": one}).status_code == 200
    for two in (f"{one}; mendbox_session={'x' * 43}", f"mendbox_session={'x' * 43}; {one}"):
        assert client.get(SESSION, headers={"Cookie": two}).status_code == 401


def test_a_token_is_no_session_and_a_session_submits_nothing(platform: Platform) -> None:
    signed = platform.sign_in(Role.ADMIN)

    assert _problem(platform.get(SESSION), 401) == "unauthenticated"
    assert _problem(platform.client.delete(SESSION, headers=platform.headers()), 401) == "unauthenticated"
    answer = signed.client.post("/api/v1/submissions", headers=signed.headers, data={"challenge": SLUG})
    assert _problem(answer, 401) == "unauthenticated"


def test_without_a_secret_key_nobody_signs_in_and_tokens_go_on(platform: Platform) -> None:
    (platform.settings.home / "secret.key").mkdir()
    app = platform.another_app()
    user = platform.user()

    answer = app.test_client().post(SESSION, json={"account": user.account, "password": PASSWORD})

    assert _problem(answer, 503) == "platform-fault"
    assert not platform.store.audit.page(AuditFilter(action="session.begin")).items
    assert app.test_client().get("/api/v1/me", headers=platform.headers()).status_code == 200


def test_two_processes_take_each_others_csrf_tokens(platform: Platform) -> None:
    signed = platform.sign_in(Role.ADMIN)
    other = platform.another_app().test_client()
    other.set_cookie("mendbox_session", signed.text)

    assert other.post(TOKENS, json=NEW, headers=signed.headers).status_code == 201


@pytest.fixture
def served(platform: Platform) -> Iterator[Server]:
    with serving(platform.settings, dict(platform.environ)) as running:
        yield running


def test_a_stream_ends_when_its_session_does(platform: Platform, served: Server) -> None:
    signed = platform.sign_in(Role.RECRUITER)
    submission, _ = platform.add()
    cookies = {"mendbox_session": signed.text}
    url = f"{served.url}/api/v1/submissions/{submission.id}/events"

    with requests.get(url, cookies=cookies, stream=True, timeout=WAIT_S) as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith(b"retry")
        platform.store.users.disable(signed.user.account)
        # It ends by itself: the grading is still queued, and nothing else would end it within this time.
        assert b"event: grade" not in list(lines)
