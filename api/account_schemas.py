"""The JSON of signing in and of one's own account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from api.schemas import ID_PATTERN, Absent, Line, Model
from store.records import Role
from store.scopes import MOST_DAYS, Scope

_PASSWORD: dict[str, Any] = {
    "min_length": 1,
    "max_length": 200,
    "repr": False,
    "json_schema_extra": {"format": "password"},
}
OwnPassword = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra={"format": "password"})] | Absent
_OWN_PASSWORD: Any = Field(
    None,
    repr=False,
    description="the password once more; whoever signed in by a provider within the last ten minutes needs none",
)


class Proof(Model):
    """What shows who asks, besides their password or code."""

    second_factor: Annotated[str, Field(min_length=1, max_length=40)] | Absent = Field(
        None, repr=False, description="a code of the second factor, or a recovery code; where the account has one"
    )


class SignIn(Proof):
    """An account's name and its password."""

    account: str = Field(min_length=1, max_length=100)
    password: str = Field(**_PASSWORD)


class SessionView(Model):
    """Who is signed in. The session ends at `expires_at`, or when it was not used for `idle_minutes`.

    `csrf_token` goes into the header `X-CSRF-Token` of every request that changes something. `second_factor`: whether
    the account has one; where it must have one, a session without can do nothing but set it up.
    """

    user_id: str
    account: str
    role: Role
    expires_at: datetime
    idle_minutes: int
    csrf_token: str
    second_factor: bool


class PasswordChange(Proof):
    """The password as it is, and the one that is to be."""

    password: str = Field(**_PASSWORD)
    new_password: str = Field(**_PASSWORD)


class PasswordByCode(Proof):
    """An account, the code that its user was given, and the password that they choose."""

    account: str = Field(min_length=1, max_length=100)
    code: str = Field(**_PASSWORD)
    new_password: str = Field(**_PASSWORD)


class SessionsEnd(Proof):
    """Which of the own sessions to end: the one with this id, or without one all but the one that asks."""

    password: OwnPassword = _OWN_PASSWORD
    session: Annotated[str, Field(pattern=ID_PATTERN)] | Absent = Field(None, description="`id` of `GET /sessions`")


class OwnSession(Model):
    """One of the own sessions. `current`: the one that asks."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


class OwnSessions(Model):
    """All of them, the last used first."""

    sessions: list[OwnSession]


class SessionsEnded(Model):
    """How many sessions ended."""

    ended: int


class FactorBegin(Proof):
    """The password once more."""

    password: OwnPassword = _OWN_PASSWORD


class FactorSecret(Model):
    """For the authenticator app, which makes codes of it: TOTP, SHA-1, six digits, 30 seconds. Shown this once.

    `secret`: to be typed, in base32. `uri`: the same as an `otpauth:` address, as QR codes have it.
    """

    secret: str = Field(repr=False)
    uri: str = Field(repr=False)


class FactorConfirm(Model):
    """The code that the authenticator app shows."""

    second_factor: str = Field(min_length=1, max_length=40, repr=False)


class FactorRemove(Proof):
    """The password once more, and a code."""

    password: OwnPassword = _OWN_PASSWORD


class FactorConfirmed(SessionView):
    """The new session, and ten codes that stand in for the phone, each once. Shown this once."""

    recovery_codes: list[str] = Field(repr=False)


def _number(text: object) -> object:
    """A form's field has digits and nothing else, where pydantic would take ` 1_0 `, too."""
    if not isinstance(text, str) or not text.isascii() or not text.isdigit():
        raise ValueError("must be a whole number")
    return int(text[:9])


class TokenMake(Proof):
    """A token of one's own, as the form sends it."""

    password: OwnPassword = _OWN_PASSWORD
    name: Line
    role: Role
    scope: Scope
    days: Annotated[int, BeforeValidator(_number), Field(ge=1, le=MOST_DAYS)]
