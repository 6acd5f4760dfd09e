"""Attacks on people who are signed in, and on how often anything may be tried."""

from __future__ import annotations

from typing import Any

from argon2 import PasswordHasher
from flask import request

import api.auth
import api.cookies
import api.csrf
import api.doors
import api.sessions
import store.sessions
import store.users
from api.context import caller
from api.problems import ApiProblem
from store.passwords import Passwords
from store.records import NewToken, Role
from tests.adversarial.api.arena import TOKENS, Arena, Attack, always
from tests.api.conftest import PASSWORD, SESSION, SignedIn
from tests.api.sample import SLUG

QUOTA = "1,000 submissions in a minute"
BITS = "one bit for each submission"
SESSIONS = "expired, revoked, foreign, empty and malformed tokens"
GUESS = "OWASP API Security 2023, API2: broken authentication"
NEW = {"name": "x", "role": "recruiter"}


def _signed(arena: Arena, role: Role = Role.ADMIN) -> SignedIn:
    return arena.platform.sign_in(role, arena.app)


def _still_in(arena: Arena, text: str) -> bool:
    return arena.send("GET", SESSION, {"Cookie": f"mendbox_session={text}"}).status_code == 200


def _fixed(arena: Arena) -> bool:
    user, planted = arena.platform.user(), "x" * 43
    sent = {"account": user.account, "password": PASSWORD}
    arena.send("POST", SESSION, {"Cookie": f"mendbox_session={planted}"}, json=sent)
    return _still_in(arena, planted)


def _keep_the_id(arena: Arena) -> None:
    arena.switch.setattr(store.sessions.secrets, "token_urlsafe", lambda _: request.cookies["mendbox_session"])


def _after_sign_out(arena: Arena) -> bool:
    signed = _signed(arena)
    text = signed.text
    signed.client.delete(SESSION, headers=signed.headers)
    return _still_in(arena, text)


def _after_a_change(change: str) -> Any:
    def run(arena: Arena) -> bool:
        signed = _signed(arena)
        if change == "password":
            arena.platform.store.users.set_password(signed.user.account, "another long password entirely")
        else:
            arena.platform.store.sessions._database.now = lambda: signed.user.created_at.replace(year=2999)
        return _still_in(arena, signed.text)

    return run


def _stolen_digest(arena: Arena) -> bool:
    signed = _signed(arena)
    with arena.platform.store.engine.connect() as connection:
        digest = connection.exec_driver_sql("SELECT id_sha256 FROM sessions").scalar_one()
    assert signed.user
    return _still_in(arena, str(digest))


def _compare_as_sent(arena: Arena) -> None:
    real = store.sessions.digest_of
    arena.switch.setattr(store.sessions, "digest_of", lambda text: text if len(text) == 64 else real(text))
    arena.switch.setattr(store.sessions, "_SHAPE", __import__("re").compile("[0-9A-Za-z_-]+"))


def _change(arena: Arena, signed: SignedIn, headers: dict[str, str]) -> bool:
    return signed.client.post(TOKENS, json=NEW, headers=headers).status_code == 201


def _forged_post(arena: Arena) -> bool:
    return _change(arena, _signed(arena), {})


def _own_csrf_token(arena: Arena) -> bool:
    attackers = _signed(arena, Role.RECRUITER)
    return _change(arena, _signed(arena), attackers.headers)


def _any_csrf_token(_: Any, __: str) -> None:
    if "X-CSRF-Token" not in request.headers:
        raise ApiProblem("csrf-refused", "no token")


def _from_another_site(arena: Arena) -> bool:
    signed = _signed(arena)
    return _change(arena, signed, {**signed.headers, "Origin": "https://evil.example"})


def _login_csrf(arena: Arena) -> bool:
    user = arena.platform.user()
    sent = {"account": user.account, "password": PASSWORD}
    return arena.send("POST", SESSION, {"Sec-Fetch-Site": "cross-site"}, json=sent).status_code == 201


def _any_site(arena: Arena) -> None:
    arena.switch.setattr(api.csrf, "comes_from_us", always(True))


def _readable_cookie(arena: Arena) -> bool:
    user = arena.platform.user()
    answer = arena.send("POST", SESSION, json={"account": user.account, "password": PASSWORD})
    return "HttpOnly" not in answer.headers["Set-Cookie"]


def _plain_cookie(arena: Arena) -> None:
    def bare(response: Any, settings: Any, text: str) -> None:
        response.set_cookie(api.cookies.cookie_name(settings), text)

    arena.switch.setattr(api.sessions, "set_session", bare)


def _told_apart(arena: Arena) -> bool:
    arena.platform.user(account="ada")
    answers = [
        arena.send("POST", SESSION, json={"account": account, "password": "wrong"}).get_data()
        for account in ("ada", "nobody")
    ]
    return answers[0] != answers[1]


def _say_which(arena: Arena) -> None:
    arena.switch.setattr(
        arena.platform.store.users,
        "authenticate",
        lambda account, _: arena.platform.store.users.named(account) and (None, ""),
    )


def _timed_apart(arena: Arena) -> bool:
    arena.platform.user(account="ada")
    arena.send("POST", SESSION, json={"account": "first", "password": "of all"})
    computed: list[str] = []
    verify = PasswordHasher.verify
    arena.switch.setattr(PasswordHasher, "verify", lambda self, *a: computed.append("") or verify(self, *a))
    work = []
    for account in ("ada", "nobody"):
        computed.clear()
        arena.send("POST", SESSION, json={"account": account, "password": "wrong"})
        work.append(len(computed))
    return work[0] != work[1]


def _no_work_for_nobody(arena: Arena) -> None:
    real = Passwords.matches
    arena.switch.setattr(
        Passwords, "matches", lambda self, hashed, password: hashed is not None and real(self, hashed, password)
    )


def _two_callers(arena: Arena) -> bool:
    # A page that holds a candidate's token, in the browser of an admin who is signed in.
    signed = _signed(arena)
    return signed.client.get("/api/v1/me", headers=arena.headers()).status_code == 200


def _prefer_the_token(arena: Arena) -> None:
    arena.switch.setattr(
        api.auth, "session_text", lambda settings: None if "Authorization" in request.headers else settings
    )


def _stored(arena: Arena) -> int:
    return len(arena.platform.store.submissions.page(limit=500).items)


def _flood(arena: Arena) -> bool:
    for _ in range(60):
        arena.submit()
    return _stored(arena) > arena.platform.settings.submissions_per_hour


def _by_second_token(arena: Arena) -> bool:
    for _ in range(3):
        new = NewToken("again", Role.CANDIDATE, (SLUG,), candidate="A-17")
        headers = {"Authorization": f"Bearer {arena.platform.store.tokens.create(new).text}"}
        for _ in range(6):
            arena.submit(headers)
    return _stored(arena) > arena.platform.settings.submissions_per_hour


def _token_by_token(arena: Arena) -> None:
    real = api.doors.SubmissionQuota.__init__

    def by_token(self: api.doors.SubmissionQuota, challenge: str) -> None:
        real(self, challenge)
        self._who = f"{challenge} {caller().id}"

    arena.switch.setattr(api.doors.SubmissionQuota, "__init__", by_token)


def _guess(arena: Arena, number: int, account: str, **more: Any) -> int:
    sent = {"account": account, "password": f"guess number {number}"}
    return arena.send("POST", SESSION, json=sent, **more).status_code


def _guess_one(arena: Arena) -> bool:
    seen = [_guess(arena, number, "ada", environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}) for number in range(12)]
    return set(seen) == {401}


def _guess_many(arena: Arena) -> bool:
    return {_guess(arena, number, f"user-{number}") for number in range(32)} == {401}


def _guess_by_header(arena: Arena) -> bool:
    seen = [
        _guess(arena, number, f"user-{number}", headers={"X-Forwarded-For": f"192.0.2.{number}"})
        for number in range(32)
    ]
    return set(seen) == {401}


def _guess_tokens(arena: Arena) -> bool:
    tried = [
        arena.send("GET", "/api/v1/me", {"Authorization": f"Bearer mbx_{number:043}"}).status_code
        for number in range(125)
    ]
    return set(tried) == {401}


def _too_often(arena: Arena) -> bool:
    arena.set(requests_per_minute=arena.platform.settings.requests_per_minute and 20)
    return {arena.send("GET", "/api/v1/me", arena.headers()).status_code for _ in range(25)} == {200}


def _without_redis(arena: Arena) -> None:
    arena.set(redis_url=f"unix://{arena.platform.settings.home}/nobody")


def _guess_while_redis_is_away(arena: Arena) -> bool:
    _without_redis(arena)
    return _guess(arena, 0, "ada") == 401


def _submit_while_redis_is_away(arena: Arena) -> bool:
    _without_redis(arena)
    for _ in range(20):
        arena.submit()
    return _stored(arena) > arena.platform.settings.submissions_per_hour


def _settings(**values: int) -> Any:
    """Another amount for the whole platform: attacks read it there."""

    def off(arena: Arena) -> None:
        arena.platform.settings = arena.platform.settings.model_copy(update=values)
        arena.set()

    return off


ATTACKS = [
    Attack("planted-session", "plant an id, and use it when its owner has signed in", SESSIONS,
           "CWE-384: session fixation", "a new id at every sign-in", _fixed, _keep_the_id),
    Attack("session-after-sign-out", "use a cookie after its owner signed out", SESSIONS,
           "CWE-613: insufficient session expiration", "the session ends on the server", _after_sign_out,
           lambda arena: arena.switch.setattr(arena.platform.store.sessions, "end", always(None))),
    Attack("session-after-a-new-password", "use a cookie after its owner changed the password", SESSIONS,
           "CWE-613: insufficient session expiration", "store.sessions.end_sessions_of", _after_a_change("password"),
           lambda arena: arena.switch.setattr(store.users, "end_sessions_of", always(0))),
    Attack("session-after-its-time", "use a cookie found years later", SESSIONS,
           "CWE-613: insufficient session expiration", "idle and absolute expiry", _after_a_change("time"),
           lambda arena: arena.switch.setattr(store.sessions, "_good", always(()))),
    Attack("stolen-digest-as-session", "send what a copy of the database has of a session", SESSIONS,
           "CWE-836: use of password hash instead of password", "the server hashes what it is sent", _stolen_digest,
           _compare_as_sent),
    Attack("forged-change", "have a signed-in browser make a token", SESSIONS, "CWE-352: CSRF", "X-CSRF-Token",
           _forged_post, lambda arena: arena.switch.setattr(api.auth, "check_csrf", always(None))),
    Attack("csrf-token-of-the-attacker", "send a CSRF token of one's own session", SESSIONS,
           "CWE-352: tokens that belong to no session", "the token is signed over its session", _own_csrf_token,
           lambda arena: arena.switch.setattr(api.auth, "check_csrf", _any_csrf_token)),
    Attack("change-from-another-site", "send a change from another site, its CSRF token known", SESSIONS,
           "CWE-346: origin validation", "Origin and Sec-Fetch-Site", _from_another_site, _any_site),
    Attack("signed-in-as-the-attacker", "sign a browser in to the attacker's account", SESSIONS,
           "login CSRF: Barth, Jackson, Mitchell 2008", "Origin and Sec-Fetch-Site", _login_csrf, _any_site),
    Attack("cookie-read-by-a-script", "read the session's id in a page", SESSIONS, "CWE-1004: cookie without HttpOnly",
           "HttpOnly", _readable_cookie, _plain_cookie),
    Attack("token-and-session", "mix two callers in one request", SESSIONS, "CWE-441: confused deputy",
           "one credential for each request", _two_callers, _prefer_the_token),
    Attack("account-by-answer", "learn from the answer which accounts there are", SESSIONS, "CWE-204: response differs",
           "one answer for all that is wrong", _told_apart, _say_which),
    Attack("account-by-time", "learn from the time which accounts there are", SESSIONS,
           "CVE-2016-6210: OpenSSH, user enumeration by time", "the hash of nobody", _timed_apart,
           _no_work_for_nobody),
    Attack("submission-flood", "submit as fast as it goes", QUOTA, GUESS, "quota of submissions", _flood,
           lambda arena: arena.set(submissions_per_hour=0, submissions_per_day=0)),
    Attack("second-token", "submit with several tokens of one person", BITS, GUESS,
           "quotas count the candidate, not the token", _by_second_token, _token_by_token),
    Attack("guess-one-password", "guess one account's password from many addresses", SESSIONS, GUESS,
           "quota of each account", _guess_one, lambda arena: arena.set(sign_ins_per_account=0)),
    Attack("try-one-password-everywhere", "try a password on many accounts", SESSIONS, "password spraying",
           "quota of each address", _guess_many, lambda arena: arena.set(sign_ins_per_address=0)),
    Attack("address-in-a-header", "name another address with each guess", SESSIONS, "CWE-348: a less trusted source",
           "X-Forwarded-For is not believed", _guess_by_header, lambda arena: arena.set(trusted_proxies=1)),
    Attack("guess-tokens", "guess tokens", SESSIONS, GUESS, "quota of requests without a token", _guess_tokens,
           lambda arena: arena.set(anonymous_per_minute=0)),
    Attack("request-flood", "ask as fast as it goes", QUOTA, "OWASP API4: unrestricted resource consumption",
           "quota of each token", _too_often, _settings(requests_per_minute=0)),
    Attack("guess-while-redis-is-away", "guess passwords when nobody can count", SESSIONS, "CWE-636: failing open",
           "signing in is closed then", _guess_while_redis_is_away,
           lambda arena: arena.switch.setattr(api.sessions, "count_sign_in", always(None))),
    Attack("submit-while-redis-is-away", "submit without end when nobody can count", BITS, "CWE-636: failing open",
           "api.doors._count_in_database", _submit_while_redis_is_away,
           lambda arena: arena.switch.setattr(api.doors, "_count_in_database", always(()))),
]  # fmt: skip
