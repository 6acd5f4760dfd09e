"""A password by a code, and a second factor: what is wrong is said beside the form."""

from __future__ import annotations

import html
import json
import re

import pytest
from pyotp import TOTP

from api.pages.account import qr_code
from store.records import Role
from tests.api.conftest import OTHER_PASSWORD, PASSWORD, Platform, secret_keys


def test_a_code_that_is_none_and_a_password_that_is_weak_are_told(platform: Platform) -> None:
    account = platform.user().account
    code = platform.store.codes.issue(account).text
    for sent, status, says in (
        ({}, 422, "Fill in your account"),
        ({"code": "x" * 43, "new_password": OTHER_PASSWORD}, 403, "This account has no such code"),
        ({"code": code, "new_password": "password"}, 422, "Choose"),
    ):
        answer = platform.client.post("/password", data={"account": account, **sent})
        assert (answer.status_code, says in answer.text) == (status, True), answer.text
        assert f'value="{account}"' in answer.text
        assert code not in answer.text
    answer = platform.client.post("/password", data={"account": account, "code": code, "new_password": OTHER_PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_who_has_a_second_factor_is_asked_for_it_beside_the_code(platform: Platform) -> None:
    user = platform.user(Role.ADMIN)
    made = platform.store.factors.begin(user, secret_keys(platform))
    assert platform.store.factors.confirm(user, TOTP(made.secret).now(), secret_keys(platform)) is not None
    code = platform.store.codes.issue(user.account).text
    sent = {"account": user.account, "code": code, "new_password": OTHER_PASSWORD}
    answer = platform.client.post("/password", data=sent)
    assert (answer.status_code, 'name="second_factor"' in answer.text) == (403, True)


def test_a_page_of_another_site_chooses_no_password(platform: Platform) -> None:
    account = platform.user().account
    sent = {"account": account, "code": platform.store.codes.issue(account).text, "new_password": OTHER_PASSWORD}
    answer = platform.client.post("/password", data=sent, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.mimetype) == (403, "text/html")


def test_where_a_second_factor_is_demanded_all_else_leads_to_it(platform: Platform) -> None:
    app = platform.another_app(second_factor="required")
    signed = platform.sign_in(app=app)
    for path in ("/submissions", "/challenges"):
        answer = signed.client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/second-factor")
    form = signed.client.get("/second-factor")
    assert "every account has to have one" in form.text
    assert signed.client.post("/sign-out", headers=signed.headers).status_code == 303


def test_the_secret_is_shown_once_to_whoever_knows_the_password(platform: Platform) -> None:
    signed = platform.sign_in()
    for password, status in (("", 422), ("wrong", 403), (PASSWORD, 200)):
        answer = signed.client.post("/second-factor", data={"password": password}, headers=signed.headers)
        assert (answer.status_code, "<svg" in answer.text) == (status, status == 200)
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", answer.text)
    assert secret is not None
    for code, status in (("", 422), ("000000", 403), (TOTP(secret[1].replace(" ", "")).now(), 200)):
        answer = signed.client.post("/second-factor/confirm", data={"second_factor": code}, headers=signed.headers)
        assert answer.status_code == status
    codes = re.findall(r"<li><code>([^<]+)</code>", answer.text)
    assert len(set(codes)) == 10
    assert "Your account has one" in signed.client.get("/second-factor").text
    again = platform.client.post(
        "/sign-in", data={"account": signed.user.account, "password": PASSWORD, "second_factor": codes[0]}
    )
    assert again.status_code == 303


@pytest.mark.parametrize("text", ["otpauth://totp/Mendbox:ada?secret=ABC", "<&\"'>"])
def test_a_picture_of_a_code_has_nothing_but_paths(text: str) -> None:
    picture = qr_code(text)
    assert re.fullmatch(r"<svg [^>]*><g [^>]*>(<path [^>]*/>)+</g></svg>", picture)
    assert "style" not in picture


def test_one_sees_where_one_is_signed_in_and_ends_all_others(platform: Platform) -> None:
    signed = platform.sign_in()
    other = platform.app.test_client()
    assert other.post("/sign-in", data={"account": signed.user.account, "password": PASSWORD}).status_code == 303
    text = signed.client.get("/account").text
    assert text.count("<time") == 6
    assert text.count("this one") == 1
    for sent, status, says in (({}, 422, "Fill in your password."), ({"password": "x"}, 403, "not your password")):
        answer = signed.client.post("/account/sessions", data=sent or {"password": ""}, headers=signed.headers)
        assert (answer.status_code, says in answer.text) == (status, True)
    sent = {"password": PASSWORD}
    assert signed.client.post("/account/sessions", data=sent, headers=signed.headers).status_code == 303
    assert other.get("/account").status_code == 303
    assert "End all others" not in signed.client.get("/account").text


def test_a_second_factor_is_given_up_by_who_has_it(platform: Platform) -> None:
    user = platform.user(Role.ENGINEER)
    keys = secret_keys(platform)
    made = platform.store.factors.begin(user, keys)
    confirmed = platform.store.factors.confirm(user, TOTP(made.secret).now(), keys)
    assert confirmed is not None
    codes = list(confirmed[1])
    client = platform.app.test_client()
    fields = {"account": user.account, "password": PASSWORD, "second_factor": codes[0]}
    assert client.post("/sign-in", data=fields).status_code == 303
    text = client.get("/account").text
    assert "Give it up" in text
    sent = re.search(r"hx-headers='([^']+)'", text)
    assert sent is not None
    proof = json.loads(html.unescape(sent[1]))
    for wrong, status in (({"password": PASSWORD}, 403), ({"password": PASSWORD, "second_factor": "0"}, 403)):
        refused = client.post("/account/second-factor/remove", data=wrong, headers=proof)
        assert (refused.status_code, 'role="alert"' in refused.text) == (status, True)
    good = {"password": PASSWORD, "second_factor": codes[1]}
    answer = client.post("/account/second-factor/remove", data=good, headers=proof)
    assert answer.headers["Location"] == "/second-factor"
    # Still signed in, and without one.
    assert "Your account has none." in client.get("/account").text
