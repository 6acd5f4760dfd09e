"""A second factor as its user meets it: set up, asked for, given up; and what a session may do that has none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from flask.testing import FlaskClient

from store.factors import STEP_S
from store.records import ANONYMOUS, Role
from tests.api.conftest import OTHER_PASSWORD, PASSWORD, SESSION, Platform, SignedIn

FACTOR = "/api/v1/me/second-factor"
CODE = "/api/v1/session/code"


@dataclass
class Phone:
    """An authenticator app, and the time, which is the platform's too."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    secret: str = ""

    def code(self) -> str:
        """What it shows next: a code that was not shown before."""
        self.now += timedelta(seconds=STEP_S)
        return pyotp.TOTP(self.secret).at(self.now)


@pytest.fixture
def phone(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Phone:
    made = Phone()
    monkeypatch.setattr(platform.store.factors._database, "now", lambda: made.now)
    return made


def _problem(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.get_json()["type"]).removeprefix("urn:mendbox:problem:")


def _begin(signed: SignedIn, phone: Phone) -> None:
    answer = signed.client.post(FACTOR, json={"password": PASSWORD}, headers=signed.headers)
    assert answer.status_code == 200, answer.text
    phone.secret = answer.get_json()["secret"]
    assert phone.secret in answer.get_json()["uri"]


def _enrol(signed: SignedIn, phone: Phone) -> dict[str, Any]:
    """What confirming answers; `signed` has another session after it."""
    _begin(signed, phone)
    answer = signed.client.post(f"{FACTOR}/confirm", json={"second_factor": phone.code()}, headers=signed.headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def _sign_in(platform: Platform, signed: SignedIn, **proof: str) -> Any:
    return platform.client.post(SESSION, json={"account": signed.user.account, "password": PASSWORD, **proof})


def test_who_has_one_signs_in_with_password_and_code(platform: Platform, phone: Phone) -> None:
    signed = platform.sign_in()
    before = signed.text
    confirmed = _enrol(signed, phone)

    assert confirmed["second_factor"] is True
    assert signed.text != before
    assert signed.client.get(SESSION).get_json()["csrf_token"] == confirmed["csrf_token"]
    missing = _sign_in(platform, signed)
    assert _problem(missing, 401) == "second-factor-needed"
    assert "Set-Cookie" not in missing.headers
    assert _problem(_sign_in(platform, signed, second_factor="000000"), 401) == "second-factor-needed"
    code = phone.code()
    answer = _sign_in(platform, signed, second_factor=code)
    assert answer.status_code == 201
    assert answer.get_json()["second_factor"] is True
    assert _problem(_sign_in(platform, signed, second_factor=code), 401) == "second-factor-needed"
    assert _sign_in(platform, signed, second_factor=phone.code()).status_code == 201


def test_without_the_password_nobody_learns_that_there_is_one(platform: Platform, phone: Phone) -> None:
    signed, other = platform.sign_in(), platform.user(account="other")
    _enrol(signed, phone)

    told = set()
    for account in (signed.user.account, other.account, "nobody"):
        for proof in ({}, {"second_factor": "000000"}):
            answer = platform.client.post(SESSION, json={"account": account, "password": "x" * 12, **proof})
            told.add((answer.status_code, answer.text))

    assert len(told) == 1
    assert "second" not in str(told)


def test_the_wrong_password_uses_up_no_code(platform: Platform, phone: Phone) -> None:
    signed = platform.sign_in()
    _enrol(signed, phone)
    code = phone.code()
    sent = {"account": signed.user.account, "password": "x" * 12, "second_factor": code}

    assert platform.client.post(SESSION, json=sent).status_code == 401

    assert _sign_in(platform, signed, second_factor=code).status_code == 201


def test_a_recovery_code_lets_in_once(platform: Platform, phone: Phone) -> None:
    signed = platform.sign_in()
    code = _enrol(signed, phone)["recovery_codes"][3]

    assert _sign_in(platform, signed, second_factor=code).status_code == 201
    assert _sign_in(platform, signed, second_factor=code).status_code == 401


def test_trying_codes_is_counted_as_signing_in_is(platform: Platform, phone: Phone) -> None:
    signed = platform.sign_in()
    _enrol(signed, phone)
    statuses = [_sign_in(platform, signed, second_factor=f"{guess:06}").status_code for guess in range(12)]

    assert set(statuses) == {401, 429}
    # Three codes of a million are right at a time.
    assert statuses.count(401) <= platform.settings.sign_ins_per_account


def test_trying_codes_to_confirm_is_counted_too(platform: Platform, phone: Phone) -> None:
    signed = platform.sign_in()
    _begin(signed, phone)
    sent = [{"second_factor": f"{guess:06}"} for guess in range(20)]
    answers = [signed.client.post(f"{FACTOR}/confirm", json=each, headers=signed.headers) for each in sent]

    assert {answer.status_code for answer in answers} == {403, 429}


def test_what_asks_for_the_password_again_asks_for_the_code_too(platform: Platform, phone: Phone) -> None:
    signed = platform.sign_in(app=platform.another_app(sign_ins_per_account=0))
    csrf = {"X-CSRF-Token": _enrol(signed, phone)["csrf_token"]}
    changes: dict[str, tuple[dict[str, str], int]] = {
        "/api/v1/sessions/end": ({"password": PASSWORD}, 200),
        FACTOR: ({"password": PASSWORD}, 409),
        "/api/v1/me/password": ({"password": PASSWORD, "new_password": OTHER_PASSWORD}, 201),
    }
    for path, (body, status) in changes.items():
        for wrong in ({}, {"second_factor": "000000"}):
            refused = signed.client.post(path, json={**body, **wrong}, headers=csrf)
            assert _problem(refused, 403) == "password-refused"
        answer = signed.client.post(path, json={**body, "second_factor": phone.code()}, headers=csrf)
        assert answer.status_code == status, answer.text


def test_a_code_for_a_forgotten_password_is_no_way_around_it(platform: Platform, phone: Phone) -> None:
    signed = platform.sign_in()
    _enrol(signed, phone)
    code = platform.store.codes.issue(signed.user.account).text
    sent = {"account": signed.user.account, "code": code, "new_password": OTHER_PASSWORD}

    assert _problem(platform.client.post(CODE, json=sent), 403) == "password-refused"
    assert _problem(platform.client.post(CODE, json={**sent, "second_factor": "000000"}), 403) == "password-refused"
    wrong = {**sent, "code": "x" * 43, "second_factor": phone.code()}
    assert "second" not in platform.client.post(CODE, json=wrong).get_json()["detail"]
    assert platform.client.post(CODE, json={**sent, "second_factor": phone.code()}).status_code == 201


def test_giving_it_up_takes_password_and_code_and_leaves_the_password(platform: Platform, phone: Phone) -> None:
    signed = platform.sign_in()
    csrf = {"X-CSRF-Token": _enrol(signed, phone)["csrf_token"]}
    for wrong in ({"password": PASSWORD}, {"password": "x", "second_factor": phone.code()}):
        answer = signed.client.post(f"{FACTOR}/remove", json=wrong, headers=csrf)
        assert _problem(answer, 403) == "password-refused"

    sent = {"password": PASSWORD, "second_factor": phone.code()}
    answer = signed.client.post(f"{FACTOR}/remove", json=sent, headers=csrf)

    assert answer.status_code == 201
    assert answer.get_json()["second_factor"] is False
    assert _sign_in(platform, signed).status_code == 201


def test_where_it_is_required_a_session_without_one_does_nothing_but_set_it_up(
    platform: Platform, phone: Phone
) -> None:
    app = platform.another_app(second_factor="required")
    signed = platform.sign_in(Role.ADMIN, app)
    for method, path in (("GET", "/api/v1/submissions"), ("GET", "/api/v1/sessions"), ("POST", "/api/v1/tokens")):
        answer = signed.client.open(path, method=method, headers=signed.headers, json={})
        assert _problem(answer, 403) == "second-factor-missing"
        assert "/me/second-factor" in answer.get_json()["hint"]
    assert signed.client.get(SESSION).get_json()["second_factor"] is False

    csrf = {"X-CSRF-Token": _enrol(signed, phone)["csrf_token"]}

    assert signed.client.get("/api/v1/submissions").status_code == 200
    sent = {"password": PASSWORD, "second_factor": phone.code()}
    again = signed.client.post(f"{FACTOR}/remove", json=sent, headers=csrf).get_json()
    assert signed.client.get("/api/v1/submissions").status_code == 403
    assert signed.client.delete(SESSION, headers={"X-CSRF-Token": again["csrf_token"]}).status_code == 204


def test_it_is_required_unless_it_is_said(platform: Platform) -> None:
    from store.settings import Settings

    environ = {name: value for name, value in platform.environ.items() if name != "MENDBOX_SECOND_FACTOR"}
    assert Settings.from_env(environ).second_factor == "required"


def test_programs_with_tokens_are_not_asked_for_one(platform: Platform) -> None:
    client: FlaskClient = platform.another_app(second_factor="required").test_client()
    assert client.get("/api/v1/submissions", headers=platform.headers(Role.RECRUITER)).status_code == 200


def test_another_secret_key_is_a_fault_of_the_platform_and_no_way_in(platform: Platform, phone: Phone) -> None:
    signed = platform.sign_in()
    _enrol(signed, phone)
    other = platform.another_app(secret_key="another key that nobody has used before").test_client()

    sent = {"account": signed.user.account, "password": PASSWORD, "second_factor": phone.code()}
    answer = other.post(SESSION, json=sent)

    assert _problem(answer, 503) == "platform-fault"
    assert "Set-Cookie" not in answer.headers


def test_it_is_in_the_audit_trail_without_codes_or_secrets(platform: Platform, phone: Phone) -> None:
    signed = platform.sign_in()
    confirmed = _enrol(signed, phone)
    _sign_in(platform, signed)
    _sign_in(platform, signed, second_factor=confirmed["recovery_codes"][0])

    deeds = [item.deed for item in platform.store.audit.page().items]

    assert [(deed.actor, deed.action) for deed in deeds[:6]] == [
        (signed.user.id, "session.begin"),
        (signed.user.id, "user.recovery_code"),
        (ANONYMOUS, "session.refuse"),
        (signed.user.id, "session.begin"),
        (signed.user.id, "user.factor"),
        (signed.user.id, "user.factor_begin"),
    ]
    assert deeds[2].detail["lacking"] == "second factor"
    trail = str(deeds)
    assert phone.secret not in trail
    assert not any(code in trail for code in confirmed["recovery_codes"])
