"""Headers on every response that keep browsers from doing more with it than it is for."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request

#: What a page could ask the browser for; nothing here is a page that needs any of it.
_POWERS = (
    "accelerometer autoplay camera display-capture fullscreen geolocation gyroscope microphone midi payment "
    "publickey-credentials-get screen-wake-lock serial usb web-share xr-spatial-tracking"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in _POWERS.split()),
}
#: Where a response says nothing itself: it is data, nothing in it is to be shown, run or kept.
_UNLESS_SET = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}
_WITH_TLS = {"Strict-Transport-Security": "max-age=31536000"}


def headers_of_all(*, https: bool = False) -> dict[str, str]:
    """What stands on every response, for one that is not the app's. `https`: clients come by TLS."""
    return {**_ALWAYS, **_UNLESS_SET, **(_WITH_TLS if https else {})}


def register(app: Flask, *, always_https: bool) -> None:
    """Set them on everything `app` answers. `always_https`: clients come by TLS whatever reaches us from the proxy."""
    app.after_request(_setter(always_https))


def _setter(always_https: bool) -> Callable[[Response], Response]:
    def set_headers(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers[name] = value
        for name, value in _UNLESS_SET.items():
            response.headers.setdefault(name, value)
        if always_https or request.is_secure:
            response.headers.update(_WITH_TLS)
        return response

    return set_headers
