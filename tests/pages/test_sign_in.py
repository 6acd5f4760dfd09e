"""Signing in and out by forms, as somebody meets it who has no script."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pyotp import TOTP

from api.pages.sign_in import own_path
from store.records import Role
from tests.api.conftest import PASSWORD, Platform, secret_keys


def _send(platform: Platform, **fields: str) -> tuple[int, str, str]:
    answer = platform.client.post("/sign-in", data=fields)
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def test_whoever_signs_in_comes_to_where_they_wanted_to_go(platform: Platform) -> None:
    account = platform.user().account
    client = platform.app.test_client()
    sent_away = client.get("/submissions?verdict=solved")
    assert (sent_away.status_code, sent_away.headers["Location"]) == (
        303,
        "/sign-in?next=/submissions%3Fverdict%3Dsolved",
    )
    form = client.get(sent_away.headers["Location"])
    assert 'name="next" value="/submissions?verdict=solved"' in form.text
    answer = client.post(
        "/sign-in", data={"account": account, "password": PASSWORD, "next": "/submissions?verdict=solved"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/submissions?verdict=solved")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/submissions").status_code == 200
    assert client.get("/").headers["Location"] == "/submissions"


def test_signing_out_ends_the_session(platform: Platform) -> None:
    signed = platform.sign_in()
    kept = signed.text
    answer = signed.client.post("/sign-out", headers=signed.headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    client = platform.app.test_client()
    client.set_cookie("mendbox_session", kept)
    assert client.get("/submissions").status_code == 303
    assert client.get("/").headers["Location"] == "/sign-in"


def test_what_is_wrong_is_said_and_the_account_stays_in_the_form(platform: Platform) -> None:
    account = platform.user().account
    status, text, _ = _send(platform, account=account, password="wrong")
    assert (status, "There is no such account with this password." in text) == (401, True)
    assert f'value="{account}"' in text
    assert "wrong" not in text.replace('class="wrong"', "")
    status, other, _ = _send(platform, account="nobody@example.org", password="wrong")
    assert (status, "There is no such account with this password." in other) == (401, True)
    for fields in (
        {"account": account},
        {"account": account, "password": ""},
        {"account": "a" * 200, "password": "x"},
    ):
        status, text, _ = _send(platform, **fields)
        assert (status, "Fill in the account and its password." in text) == (422, True)


def test_a_second_factor_is_asked_for_by_whoever_has_one(platform: Platform) -> None:
    user = platform.user(Role.ADMIN)
    made = platform.store.factors.begin(user, secret_keys(platform))
    assert platform.store.factors.confirm(user, TOTP(made.secret).now(), secret_keys(platform)) is not None
    status, text, _ = _send(platform, account=user.account, password=PASSWORD)
    assert (status, 'name="second_factor"' in text, "not right" in text) == (401, True, False)
    status, text, _ = _send(platform, account=user.account, password=PASSWORD, second_factor="000000")
    assert (status, 'name="second_factor"' in text, "not right" in text) == (401, True, True)
    recovered = platform.client.post(
        "/sign-in", data={"account": user.account, "password": PASSWORD, "second_factor": _next_code(made.secret)}
    )
    assert recovered.status_code == 303


def _next_code(secret: str) -> str:
    """The code of the next half minute: the present one has been used."""
    totp = TOTP(secret)
    return totp.generate_otp(totp.timecode(datetime.now(UTC)) + 1)


def test_a_form_of_another_site_signs_nobody_in(platform: Platform) -> None:
    fields = {"account": platform.user().account, "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = platform.client.post("/sign-in", data=fields, headers=headers)
        assert (answer.status_code, answer.mimetype) == (403, "text/html")
        assert "Set-Cookie" not in answer.headers


def test_too_many_attempts_are_told_to_wait(platform: Platform) -> None:
    app = platform.another_app(sign_ins_per_account=2)
    fields = {"account": platform.user().account, "password": "wrong"}
    answers = [app.test_client().post("/sign-in", data=fields) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert "Try again in" in answers[2].text
    assert int(answers[2].headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "/a b",
        "/sign-out",
    ],
)
def test_nobody_is_led_to_another_site(wanted: str | None) -> None:
    assert own_path(wanted) == "/submissions"


def test_a_path_of_this_site_is_gone_on_to() -> None:
    assert own_path("/challenges/greeter?variant=base") == "/challenges/greeter?variant=base"
