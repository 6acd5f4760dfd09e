"""The cookies: out of reach for scripts, for this host alone, and with TLS for nothing but TLS.

One is of whoever signed in, the other of a candidate who came by their link, and holds their token.
"""

from __future__ import annotations

from flask import Response, request

from store.settings import Settings

#: Browsers take a cookie of the first name only with Secure, with the path / and without a domain.
_WITH_TLS = "__Host-mendbox"
_WITHOUT = "mendbox_session"


def cookie_name(settings: Settings) -> str:
    """What the session's cookie is called."""
    return _WITH_TLS if settings.is_https else _WITHOUT


def link_cookie_name(settings: Settings) -> str:
    """What the cookie of a candidate who came by a link is called."""
    return f"{_WITH_TLS}-link" if settings.is_https else "mendbox_link"


def session_text(settings: Settings) -> str | None:
    """The session's id that the request brings; None without one, and for several of which any may be planted."""
    return _only(cookie_name(settings))


def link_text(settings: Settings) -> str | None:
    """The candidate's token that the request brings in its cookie; None as with sessions."""
    return _only(link_cookie_name(settings))


def _only(name: str) -> str | None:
    sent = request.cookies.getlist(name)
    return sent[0] if len(sent) == 1 else None


def set_session(response: Response, settings: Settings, text: str) -> None:
    """Have the browser keep the session's id until it is closed. Lax: a link from a mail finds its reader signed in."""
    _set(response, cookie_name(settings), text, settings)


def set_link(response: Response, settings: Settings, text: str) -> None:
    """Have the browser keep a candidate's token until it is closed."""
    _set(response, link_cookie_name(settings), text, settings)


def drop_session(response: Response, settings: Settings) -> None:
    """Have the browser forget the session."""
    _drop(response, cookie_name(settings), settings)


def drop_link(response: Response, settings: Settings) -> None:
    """Have the browser forget the candidate's token."""
    _drop(response, link_cookie_name(settings), settings)


def _set(response: Response, name: str, text: str, settings: Settings) -> None:
    response.set_cookie(name, text, path="/", secure=settings.is_https, httponly=True, samesite="Lax")


def _drop(response: Response, name: str, settings: Settings) -> None:
    response.delete_cookie(name, path="/", secure=settings.is_https, httponly=True, samesite="Lax")
