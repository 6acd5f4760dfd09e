"""A layer around the app that says on everything below `/v1/` that it will go, by RFC 9745 and RFC 8594."""

from __future__ import annotations

import calendar
import time
from collections.abc import Iterable, Mapping
from typing import Any
from wsgiref.handlers import format_date_time


class Farewell:
    """A WSGI app: what is answered by another one, with three headers more where they belong."""

    def __init__(self, wsgi_app: Any, config: Mapping[str, Any]) -> None:
        self._inner = wsgi_app
        since = self._seconds(config["V1_DEPRECATED_ON"])
        until = self._seconds(config["V1_SUNSET_ON"])
        guide = config["V1_GUIDE_URL"]
        self._more = [
            ("Deprecation", f"@{since}"),
            ("Sunset", format_date_time(until)),
            ("Link", f'<{guide}>; rel="deprecation"'),
        ]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith("/v1/"):
            return self._inner(environ, start_response)  # type: ignore[no-any-return]

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, *self._more], *error)

        return self._inner(environ, start)  # type: ignore[no-any-return]

    @staticmethod
    def _seconds(day: str) -> int:
        return calendar.timegm(time.strptime(day, "%Y-%m-%d"))
