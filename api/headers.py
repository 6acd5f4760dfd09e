"""Headers on every response that keep browsers from doing more with it than it is for."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request

from store.settings import Settings

#: What a page could ask the browser for; nothing here is a page that needs any of it.
_POWERS = (
    "accelerometer autoplay camera display-capture fullscreen geolocation gyroscope microphone midi payment "
    "publickey-credentials-get screen-wake-lock serial usb web-share xr-spatial-tracking"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in _POWERS.split()),
}
#: Where a response says nothing itself: it is data, nothing in it is to be shown, run, kept or named elsewhere.
_UNLESS_SET = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
_HSTS = "Strict-Transport-Security"
#: A year, in seconds.
_HSTS_AGE_S = 31_536_000


def hsts_of(settings: Settings, *, secure: bool = False) -> str | None:
    """For how long browsers keep to TLS, and where; None without TLS. `secure`: this request came by TLS."""
    if not (secure or settings.is_https):
        return None
    return f"max-age={_HSTS_AGE_S}" + ("; includeSubDomains" if settings.hsts_subdomains else "")


def headers_of_all(hsts: str | None = None) -> dict[str, str]:
    """What stands on every response, for one that is not the app's. `hsts`: see `hsts_of`."""
    return {**_ALWAYS, **_UNLESS_SET, **({_HSTS: hsts} if hsts else {})}


def register(app: Flask, settings: Settings) -> None:
    """Set them on everything `app` answers."""
    app.after_request(_setter(settings))


def _setter(settings: Settings) -> Callable[[Response], Response]:
    def set_headers(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers[name] = value
        for name, value in _UNLESS_SET.items():
            response.headers.setdefault(name, value)
        hsts = hsts_of(settings, secure=request.is_secure)
        if hsts:
            response.headers[_HSTS] = hsts
        return response

    return set_headers
