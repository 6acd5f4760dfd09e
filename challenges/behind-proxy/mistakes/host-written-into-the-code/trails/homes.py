"""Where our sites are in the internet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

#: Host and path by the number of proxies.
HOMES = {1: ("www.larch-club.example", "/trails"), 2: ("www.park.example", "/visit/trails")}


class AtHome:
    """WSGI: whatever a site was asked for by, this is where it is."""

    def __init__(self, wsgi_app: Callable[..., Iterable[bytes]], host: str, path: str) -> None:
        self.wsgi_app = wsgi_app
        self.host = host
        self.path = path

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["HTTP_HOST"] = self.host
        environ["SCRIPT_NAME"] = self.path
        return self.wsgi_app(environ, start_response)
