"""Requests that know how their visitors made them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Request


@dataclass(frozen=True)
class Trust:
    """How many proxies there are whose words count."""

    proxies: int

    def last_but(self, text: str) -> str | None:
        """What the outermost of them wrote; None if not all of them have written something."""
        wanted = r"([^,]+)" + r",[^,]+" * (self.proxies - 1) + r"$"
        found = re.search(wanted, text) if self.proxies else None
        return found[1].strip() if found else None

    def apply(self, environ: dict[str, Any]) -> None:
        """Write what they say over what the server knows of the connection."""
        said = {name: self.last_but(environ.get(f"HTTP_X_FORWARDED_{name}", "")) for name in ("FOR", "PROTO", "HOST")}
        if said["FOR"] is not None:
            environ["REMOTE_ADDR"] = said["FOR"]
        if said["PROTO"] in ("http", "https"):
            environ["wsgi.url_scheme"] = said["PROTO"]
        if said["HOST"] is not None:
            environ["HTTP_HOST"] = said["HOST"]
        path = self.last_but(environ.get("HTTP_X_FORWARDED_PREFIX", ""))
        if path is not None:
            environ["SCRIPT_NAME"] = path.rstrip("/")


def request_class(proxies: int) -> type[Request]:
    """The class of requests for an app behind so many proxies. Flask makes one before it looks at the address."""
    trust = Trust(proxies)

    class VisitorsRequest(Request):
        def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:
            trust.apply(environ)
            super().__init__(environ, *args, **options)

        @property
        def address(self) -> str:
            """The visitor's."""
            return self.remote_addr or ""

        @property
        def own_path(self) -> str:
            """This request's path as the visitor's browser knows it, without the query."""
            return f"{self.script_root}{self.path}"

    return VisitorsRequest
