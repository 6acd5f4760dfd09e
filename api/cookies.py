"""The session's cookie: out of reach for scripts, for this host alone, and with TLS for nothing but TLS."""

from __future__ import annotations

from flask import Response, request

from store.settings import Settings

#: Browsers take a cookie of the first name only with Secure, with the path / and without a domain.
_WITH_TLS = "__Host-mendbox"
_WITHOUT = "mendbox_session"


def cookie_name(settings: Settings) -> str:
    """What the session's cookie is called."""
    return _WITH_TLS if settings.is_https else _WITHOUT


def session_text(settings: Settings) -> str | None:
    """The session's id that the request brings; None without one, and for several of which any may be planted."""
    sent = request.cookies.getlist(cookie_name(settings))
    return sent[0] if len(sent) == 1 else None


def set_session(response: Response, settings: Settings, text: str) -> None:
    """Have the browser keep the session's id until it is closed. Lax: a link from a mail finds its reader signed in."""
    response.set_cookie(cookie_name(settings), text, path="/", secure=settings.is_https, httponly=True, samesite="Lax")


def drop_session(response: Response, settings: Settings) -> None:
    """Have the browser forget it."""
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.is_https, httponly=True, samesite="Lax")
