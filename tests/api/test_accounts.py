"""What people do with their own account: passwords, codes, sessions."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner

from api.browsers import KNOWN_S
from store.codes import LIFE
from store.records import AuditFilter, Role
from tests.api.conftest import OTHER_PASSWORD, PASSWORD, SESSION, Platform, SignedIn

CODE = "/api/v1/session/code"
SESSIONS = "/api/v1/sessions"
ME_PASSWORD = "/api/v1/me/password"


def _problem(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.get_json()["type"]).removeprefix("urn:mendbox:problem:")


def _again(platform: Platform, signed: SignedIn, password: str = PASSWORD) -> int:
    """What signing in from another browser answers."""
    return platform.client.post(SESSION, json={"account": signed.user.account, "password": password}).status_code


def _change(signed: SignedIn, password: str, new: str) -> Any:
    return signed.client.post(ME_PASSWORD, json={"password": password, "new_password": new}, headers=signed.headers)


def test_whoever_knows_their_password_can_choose_another(platform: Platform) -> None:
    signed = platform.sign_in()

    answer = _change(signed, PASSWORD, OTHER_PASSWORD)

    assert answer.status_code == 201, answer.text
    assert (_again(platform, signed), _again(platform, signed, OTHER_PASSWORD)) == (401, 201)


def test_a_change_of_password_without_the_old_one_changes_nothing(platform: Platform) -> None:
    signed = platform.sign_in()
    for wrong in (OTHER_PASSWORD, PASSWORD.upper(), PASSWORD + " ", "x"):
        assert _problem(_change(signed, wrong, OTHER_PASSWORD), 403) == "password-refused"

    missing = signed.client.post(ME_PASSWORD, json={"new_password": OTHER_PASSWORD}, headers=signed.headers)
    assert missing.status_code == 422
    assert (_again(platform, signed), _again(platform, signed, OTHER_PASSWORD)) == (201, 401)


def test_a_new_password_is_held_to_the_same_rules_and_not_repeated(platform: Platform) -> None:
    signed = platform.sign_in()
    for bad in ("short", "a" * 20, f"{signed.user.account}-1234", "passwordpassword"):
        answer = _change(signed, PASSWORD, bad)
        assert _problem(answer, 422) == "invalid-request"
        assert answer.get_json()["field"] == "new_password"
        assert bad not in answer.text
    assert _again(platform, signed) == 201


def test_a_new_password_ends_every_session_and_gives_this_browser_a_new_one(platform: Platform) -> None:
    signed = platform.sign_in()
    before, elsewhere = signed.text, platform.client
    elsewhere.post(SESSION, json={"account": signed.user.account, "password": PASSWORD})
    assert elsewhere.get(SESSION).status_code == 200

    csrf = _change(signed, PASSWORD, OTHER_PASSWORD).get_json()["csrf_token"]

    assert signed.text != before
    assert elsewhere.get(SESSION).status_code == 401
    stolen = platform.client
    stolen.set_cookie("mendbox_session", before)
    assert stolen.get(SESSION).status_code == 401
    assert signed.client.delete(SESSION, headers={"X-CSRF-Token": csrf}).status_code == 204


def test_guessing_the_password_in_a_session_is_counted_as_signing_in_is(platform: Platform) -> None:
    app = platform.another_app(sign_ins_per_account=3)
    signed = platform.sign_in(app=app)
    told = [_change(signed, "wrong", OTHER_PASSWORD).status_code for _ in range(4)]
    assert told == [403, 403, 403, 429]
    assert signed.client.post(f"{SESSIONS}/end", json={"password": "x"}, headers=signed.headers).status_code == 429


def test_a_password_of_64_characters_works_and_none_of_them_is_left_out(platform: Platform) -> None:
    signed = platform.sign_in()
    for length in (64, 200):
        new = ("correct horse battery staple " * 8)[: length - 1] + "!"
        assert len(new) == length
        platform.store.users.set_password(signed.user.account, new)
        assert _again(platform, signed, new) == 201
        assert _again(platform, signed, new[:-1]) == 401
        assert _again(platform, signed, new[:-1] + "?") == 401


def test_a_code_lets_its_user_choose_a_password_once(platform: Platform) -> None:
    user = platform.user()
    code = platform.store.codes.issue(user.account, actor="test")
    client = platform.client
    sent = {"account": user.account.upper(), "code": code.text, "new_password": OTHER_PASSWORD}

    answer = client.post(CODE, json=sent)

    assert answer.status_code == 201, answer.text
    assert client.get(SESSION).get_json()["account"] == user.account
    again = platform.client.post(CODE, json={**sent, "new_password": "yet another long one"})
    assert _problem(again, 403) == "password-refused"
    assert platform.client.post(SESSION, json={"account": user.account, "password": OTHER_PASSWORD}).status_code == 201
    deeds = [item.deed.action for item in platform.store.audit.page(AuditFilter(object_id=user.id)).items]
    assert deeds[-4:] == ["session.begin", "user.password", "user.code", "user.add"]


def test_a_code_has_256_random_bits_and_is_stored_nowhere(platform: Platform) -> None:
    user = platform.user()
    codes = [platform.store.codes.issue(user.account) for _ in range(8)]
    assert len({code.text for code in codes}) == 8
    for code in codes:
        assert re.fullmatch("[A-Za-z0-9_-]{43}", code.text)
        assert code.text not in repr(code)
    with platform.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM password_codes").all()
        trail = connection.exec_driver_sql("SELECT * FROM audit").all()
    assert len(rows) == 1
    assert not any(code.text in f"{rows}{trail}" for code in codes)


@pytest.mark.parametrize("why", ["late", "another", "closed", "changed", "replaced", "malformed"])
def test_a_code_that_is_not_good_changes_nothing(platform: Platform, why: str) -> None:
    user, other = platform.user(account="ada"), platform.user(account="bob")
    store, account = platform.store, user.account
    code = store.codes.issue(account).text
    if why == "late":
        late = store._database.now() + LIFE + timedelta(seconds=1)
        store._database.now = lambda: late
    elif why == "another":
        account = other.account
    elif why == "closed":
        store.users.disable(account)
    elif why == "changed":
        store.users.set_password(account, PASSWORD)
    elif why == "replaced":
        store.codes.issue(account)
    else:
        code = code[:-1]

    answer = platform.client.post(CODE, json={"account": account, "code": code, "new_password": OTHER_PASSWORD})

    assert _problem(answer, 403) == "password-refused"
    assert "Set-Cookie" not in answer.headers
    for name in ("ada", "bob"):
        assert store.users.authenticate(name, OTHER_PASSWORD)[0] is None


def test_a_code_is_still_good_after_a_password_that_may_be_none(platform: Platform) -> None:
    user = platform.user()
    sent = {"account": user.account, "code": platform.store.codes.issue(user.account).text}
    assert _problem(platform.client.post(CODE, json={**sent, "new_password": "short"}), 422) == "invalid-request"
    assert platform.client.post(CODE, json={**sent, "new_password": OTHER_PASSWORD}).status_code == 201


def test_an_account_without_a_password_lets_nobody_in_before_its_code_was_used(platform: Platform) -> None:
    user = platform.store.users.add("new", Role.ADMIN, None)
    for guess in ("", " ", "None", "new"):
        assert platform.store.users.authenticate("new", guess)[0] is None
    code = platform.store.codes.issue(user.account).text
    sent = {"account": "new", "code": code, "new_password": OTHER_PASSWORD}
    assert platform.client.post(CODE, json=sent).status_code == 201


def test_trying_codes_is_counted_as_signing_in_is(platform: Platform) -> None:
    client = platform.another_app(sign_ins_per_account=2).test_client()
    sent = {"account": "nobody", "code": "x" * 43, "new_password": OTHER_PASSWORD}
    assert [client.post(CODE, json=sent).status_code for _ in range(3)] == [403, 403, 429]


def test_a_page_of_another_site_can_not_use_a_code(platform: Platform) -> None:
    user = platform.user()
    sent = {"account": user.account, "code": platform.store.codes.issue(user.account).text, "new_password": PASSWORD}
    answer = platform.client.post(CODE, json=sent, headers={"Origin": "https://evil.example"})
    assert _problem(answer, 403) == "origin-refused"


def _try(client: FlaskClient, account: str, password: str) -> int:
    return client.post(SESSION, json={"account": account, "password": password}).status_code


def test_strangers_who_guess_do_not_lock_an_accounts_user_out(platform: Platform) -> None:
    app = platform.another_app(sign_ins_per_account=3)
    signed = platform.sign_in(app=app)
    account, stranger = signed.user.account, app.test_client()
    assert [_try(stranger, account, "a guess") for _ in range(4)] == [401, 401, 429, 429]

    assert _try(app.test_client(), account, PASSWORD) == 429
    assert _try(signed.client, account.upper(), PASSWORD) == 201
    assert signed.client.get(SESSION).status_code == 200


def test_a_known_browser_guesses_no_more_often_than_a_stranger_and_at_no_other_account(platform: Platform) -> None:
    app = platform.another_app(sign_ins_per_account=3)
    signed, other = platform.sign_in(app=app), platform.user(account="other")
    # A new session gives a new mark; the one before is still good, and has its own count.
    assert [_try(signed.client, signed.user.account, "a guess") for _ in range(5)] == [401, 401, 401, 429, 429]
    assert [_try(app.test_client(), other.account, "a guess") for _ in range(3)] == [401, 401, 401]
    assert _try(signed.client, other.account, PASSWORD) == 429


def test_the_mark_of_a_known_browser_is_signed_says_nothing_and_ends(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = platform.another_app(sign_ins_per_account=2)
    signed = platform.sign_in(app=app)
    account, (_, cookie) = signed.user.account, platform_cookies(signed, app)
    name, *attributes = cookie.split("; ")
    mark = name.removeprefix("mendbox_browser=")
    assert {"HttpOnly", "Path=/", "SameSite=Strict", f"Max-Age={KNOWN_S}"} <= set(attributes)
    assert account not in cookie
    assert _try(app.test_client(), account, "a guess") == 429

    def with_mark(text: str) -> int:
        client = app.test_client()
        client.set_cookie("mendbox_browser", text)
        return _try(client, account, PASSWORD)

    for forged in ("", "x", mark[:-1], f"A{mark}", mark.partition(".")[0]):
        assert with_mark(forged) == 429, forged
    assert with_mark(mark) == 201
    thief = app.test_client()
    thief.set_cookie("mendbox_session", mark)
    assert thief.get(SESSION).status_code == 401
    later = time.time() + KNOWN_S + 60
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(later))
    assert with_mark(mark) == 429


def platform_cookies(signed: SignedIn, app: Flask) -> list[str]:
    """What signing in once more sets."""
    answer = app.test_client().post(SESSION, json={"account": signed.user.account, "password": PASSWORD})
    assert answer.status_code == 201
    return answer.headers.getlist("Set-Cookie")


def _sessions(signed: SignedIn) -> list[dict[str, Any]]:
    answer = signed.client.get(SESSIONS)
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["sessions"])


def _others(platform: Platform, signed: SignedIn, count: int) -> list[Any]:
    clients = [platform.client for _ in range(count)]
    for client in clients:
        sent = {"account": signed.user.account, "password": PASSWORD}
        assert client.post(SESSION, json=sent).status_code == 201
    return clients


def test_users_see_their_own_sessions_and_none_of_anybody_else(platform: Platform) -> None:
    signed, stranger = platform.sign_in(), platform.sign_in()
    ended, other = _others(platform, signed, 2)
    csrf = ended.get(SESSION).get_json()["csrf_token"]
    ended.delete(SESSION, headers={"X-CSRF-Token": csrf})

    listed = _sessions(signed)

    assert [session["current"] for session in listed].count(True) == 1
    assert len(listed) == 2
    assert len(_sessions(stranger)) == 1
    assert set(listed[0]) == {"id", "created_at", "last_seen_at", "expires_at", "current"}
    assert signed.text not in str(listed)
    for session in listed:
        thief = platform.client
        thief.set_cookie("mendbox_session", session["id"])
        assert thief.get(SESSION).status_code == 401
    assert other.get(SESSION).status_code == 200


def test_users_end_one_of_their_sessions_or_all_others_by_their_password(platform: Platform) -> None:
    signed, stranger = platform.sign_in(), platform.sign_in()
    first, second, third = _others(platform, signed, 3)
    (id_of_first,) = [session["id"] for session in first.get(SESSIONS).get_json()["sessions"] if session["current"]]

    def end(password: str = PASSWORD, **which: str) -> Any:
        return signed.client.post(f"{SESSIONS}/end", json={"password": password, **which}, headers=signed.headers)

    assert _problem(end("wrong"), 403) == "password-refused"
    assert end(session=_sessions(stranger)[0]["id"]).get_json() == {"ended": 0}
    assert end(session="%" * 32).status_code == 422
    assert [client.get(SESSION).status_code for client in (first, second, third)] == [200, 200, 200]
    assert end(session=id_of_first).get_json() == {"ended": 1}
    assert [client.get(SESSION).status_code for client in (first, second, third)] == [401, 200, 200]
    assert end().get_json() == {"ended": 2}
    assert [client.get(SESSION).status_code for client in (second, third, signed.client)] == [401, 401, 200]
    assert stranger.client.get(SESSION).status_code == 200


def test_a_user_has_so_many_sessions_and_the_one_unused_for_longest_ends(platform: Platform) -> None:
    app = platform.another_app(sessions_per_user=2)
    user, stranger = platform.user(), platform.sign_in()
    clients = [app.test_client() for _ in range(3)]
    for number, client in enumerate(clients):
        moment = platform.store._database.now() + timedelta(seconds=1)
        platform.store._database.now = lambda moment=moment: moment
        assert client.post(SESSION, json={"account": user.account, "password": PASSWORD}).status_code == 201, number
    assert [client.get(SESSION).status_code for client in clients] == [401, 200, 200]
    assert stranger.client.get(SESSION).status_code == 200
