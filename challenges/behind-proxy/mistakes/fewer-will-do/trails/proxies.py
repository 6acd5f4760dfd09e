"""What the proxies of a site say of a request: where it came from, and by which address it was asked.

Each of them appends one value to each header, so the value of the outermost one stands as many places from the end as
there are proxies. What stands before it was written by whoever sent the request, and is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Flask

#: Which key of a WSGI environment the value of each header belongs into.
BELONGS = {
    "HTTP_X_FORWARDED_FOR": "REMOTE_ADDR",
    "HTTP_X_FORWARDED_PROTO": "wsgi.url_scheme",
    "HTTP_X_FORWARDED_HOST": "HTTP_HOST",
    "HTTP_X_FORWARDED_PREFIX": "SCRIPT_NAME",
}


class BehindProxies:
    """A WSGI app that sees requests as visitors made them."""

    def __init__(self, wsgi_app: Callable[..., Iterable[bytes]], count: int) -> None:
        self._wsgi_app = wsgi_app
        self._count = count

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ.update(list(self._told(environ)))
        return self._wsgi_app(environ, start_response)

    def _told(self, environ: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for header, key in BELONGS.items():
            values = [value.strip() for value in environ.get(header, "").split(",")]
            if value := values[-self._count :][0]:
                yield key, value


def register(app: Flask) -> None:
    """Do nothing where there is no proxy: then anybody may have written these headers."""
    if app.config["PROXIES"] > 0:
        app.wsgi_app = BehindProxies(app.wsgi_app, app.config["PROXIES"])
