"""Headers on every response that keep browsers from doing more with it than it is for."""

from __future__ import annotations

from flask import Flask, Response, request

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: Where a response says nothing itself: it is data, nothing in it is to be shown, run or kept.
_UNLESS_SET = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}


def headers_of_all() -> dict[str, str]:
    """What stands on every response, for one that is not the app's."""
    return {**_ALWAYS, **_UNLESS_SET}


def register(app: Flask) -> None:
    """Set them on everything `app` answers."""
    app.after_request(_set)


def _set(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers[name] = value
    for name, value in _UNLESS_SET.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
