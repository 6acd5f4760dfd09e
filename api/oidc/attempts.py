"""What a browser keeps while its user is at the provider, and while a code of the second factor is asked for.

A cookie, signed, for ten minutes. All that the provider is told, state, nonce and the verifier of PKCE, is derived from
a random key in it and the platform's secret key: the cookie alone tells none of them, and nothing is kept here. Whoever
comes back without the cookie, or with another's, began nothing in this browser.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from store.opened import BegunBy
from store.settings import Settings

#: Seconds that somebody may take at the provider, and then for a code.
LASTS_S = 600
_MOST_OF_ONWARD = 1000
_WITH_TLS, _WITHOUT = "__Host-mendbox-oidc", "mendbox_oidc"
_SALT = "mendbox.oidc."


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that was begun. `onward`: the path to go on to. `again`: the provider is to ask who it is once more."""

    key: str
    onward: str
    secret: bytes
    again: bool = False

    @property
    def state(self) -> str:
        """What comes back with the browser."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What comes back in the token."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What shows the provider that who asks for the token began the sign-in."""
        return self._derived("verifier")

    def _derived(self, purpose: str) -> str:
        digest = hmac.digest(self.secret, f"{_SALT}{purpose}\0{self.key}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whom the provider has shown to be this account's user, and who is asked for a code."""

    account: str
    by: BegunBy
    onward: str


def begun(onward: str, secret: bytes, *, again: bool) -> Attempt:
    """A new attempt."""
    return Attempt(secrets.token_urlsafe(32), onward if len(onward) <= _MOST_OF_ONWARD else "/", secret, again)


def keep_attempt(response: Response, settings: Settings, attempt: Attempt) -> None:
    """Have the browser keep it, in the place of another."""
    _keep(response, settings, _serializer(attempt.secret, "attempt").dumps([attempt.key, attempt.onward]))


def kept_attempt(settings: Settings, secret: bytes) -> Attempt | None:
    """The attempt that the request's browser keeps."""
    value = _kept(settings, _serializer(secret, "attempt"))
    match value:
        case [str(key), str(onward)]:
            return Attempt(key, onward, secret)
    return None


def keep_waiting(response: Response, settings: Settings, waiting: Waiting, secret: bytes) -> None:
    """Have the browser keep it, in the place of the attempt."""
    value = _serializer(secret, "waiting").dumps([waiting.account, waiting.by, waiting.onward])
    _keep(response, settings, value)


def kept_waiting(settings: Settings, secret: bytes) -> Waiting | None:
    """Who is asked for a code in the request's browser."""
    value = _kept(settings, _serializer(secret, "waiting"))
    match value:
        case [str(account), str(by), str(onward)]:
            return Waiting(account, BegunBy(by), onward)
    return None


def drop(response: Response, settings: Settings) -> None:
    """Have the browser forget either."""
    response.delete_cookie(_name(settings), path="/", secure=settings.is_https, httponly=True, samesite="Lax")


def _keep(response: Response, settings: Settings, value: str | bytes) -> None:
    text = value if isinstance(value, str) else value.decode()
    # Lax: the browser comes back from another site.
    response.set_cookie(
        _name(settings), text, LASTS_S, path="/", secure=settings.is_https, httponly=True, samesite="Lax"
    )


def _kept(settings: Settings, serializer: URLSafeTimedSerializer) -> Any:
    sent = request.cookies.getlist(_name(settings))
    if len(sent) != 1:
        return None
    try:
        return serializer.loads(sent[0], max_age=LASTS_S)
    except BadSignature:
        return None


def _name(settings: Settings) -> str:
    return _WITH_TLS if settings.is_https else _WITHOUT


def _serializer(secret: bytes, purpose: str) -> URLSafeTimedSerializer:
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeTimedSerializer(secret, salt=_SALT + purpose, signer_kwargs=options)
