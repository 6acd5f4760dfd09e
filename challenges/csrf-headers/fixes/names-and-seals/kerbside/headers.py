"""Headers by which browsers know what our answers may do. They are put on as the last thing, whoever has made the answer."""

import base64
import os
from collections.abc import Callable, Iterable
from typing import Any

from flask import request

Environ = dict[str, Any]
KEY = "kerbside.nonce"


def nonce() -> str:
    """What scripts in the page that is being made have as their `nonce`."""
    return request.environ[KEY]


class Headers:
    """Around a WSGI app. `maps` is the server that pictures may come from, too."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], maps: str) -> None:
        self.inner = inner
        self.maps = maps

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ[KEY] = base64.b64encode(os.urandom(18)).decode()
        ours = [
            ("Content-Security-Policy", self.policy(environ[KEY])),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ]

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            names = {name.lower() for name, _ in ours}
            return start_response(status, [pair for pair in headers if pair[0].lower() not in names] + ours, *more)

        return self.inner(environ, start)

    def policy(self, word: str) -> str:
        here = "'self'"
        return (
            f"default-src 'none'; script-src {here} 'nonce-{word}'; style-src {here}; connect-src {here}; "
            f"img-src {here} {self.maps}; form-action {here}; base-uri {here}; frame-ancestors 'none'"
        )
