"""Browsers in which an account's user has signed in before: a cookie tells them from strangers.

Attempts are counted apart for each such browser, so that strangers who guess can't lock an account's user out (OWASP,
"Slow Down Online Guessing Attacks with Device Cookies"). The cookie opens nothing, and says of nobody who they are.
"""

from __future__ import annotations

import hashlib
import secrets

from flask import Response, request
from itsdangerous import BadSignature, TimestampSigner

from api.context import services
from store.settings import Settings

#: In seconds.
KNOWN_S = 90 * 86400
_WITH_TLS, _WITHOUT = "__Host-mendbox-browser", "mendbox_browser"


def known_browser(account: str) -> str | None:
    """What to count this browser by, if the account's user has signed in with it; None for a stranger's.

    Raises NoSecretKey.
    """
    sent = request.cookies.getlist(_name(services().settings))
    if len(sent) != 1:
        return None
    try:
        return _signer(account).unsign(sent[0], max_age=KNOWN_S).decode()
    except BadSignature:
        return None


def remember_browser(response: Response, account: str) -> None:
    """Have the browser, in which the account's user has just signed in, known as such. Raises NoSecretKey."""
    settings = services().settings
    value = _signer(account).sign(secrets.token_urlsafe(16)).decode()
    response.set_cookie(
        _name(settings), value, KNOWN_S, path="/", secure=settings.is_https, httponly=True, samesite="Strict"
    )


def _name(settings: Settings) -> str:
    return _WITH_TLS if settings.is_https else _WITHOUT


def _signer(account: str) -> TimestampSigner:
    name = account.strip().lower().encode("utf-8", "surrogatepass")
    salt = b"mendbox.browser." + hashlib.sha256(name).digest()
    return TimestampSigner(services().secret_key.get(), salt, key_derivation="hmac", digest_method=hashlib.sha256)
