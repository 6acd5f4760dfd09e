"""Who sends a hidden test's requests: an address, a program and the name under which they reach the app.

Drawn for each test from the grading's seed, where the test's author says nothing else: the test client's own values
(`localhost`, no address, no program) would be the same in every request of every grading, and in no others.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from werkzeug.test import Client, EnvironBuilder

_SYLLABLES = (
    "ar",
    "bel",
    "cor",
    "dun",
    "el",
    "fen",
    "gal",
    "hol",
    "ist",
    "kel",
    "lor",
    "mar",
    "nor",
    "os",
    "pel",
    "rin",
)
_WINDOWS, _MAC, _LINUX = "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64"
#: Programs as their makers write them (MDN: User-Agent; the libraries' own defaults), with a version to be drawn.
_PROGRAMS = (
    *(
        f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{{major}}.0.0.0 Safari/537.36"
        for system in (_WINDOWS, _MAC, _LINUX)
    ),
    *(f"Mozilla/5.0 ({system}; rv:{{major}}.0) Gecko/20100101 Firefox/{{major}}.0" for system in (_WINDOWS, _LINUX)),
    f"Mozilla/5.0 ({_MAC}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.{{minor}} Safari/605.1.15",
    "curl/8.{minor}.1",
    "python-requests/2.3{minor}.0",
    "okhttp/4.1{minor}.0",
    "PostmanRuntime/7.4{minor}.0",
    "Go-http-client/1.1",
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """`host` is a name without port, of those that are nobody's (RFC 2606); `address` a private one."""

    host: str
    address: str
    port: int
    program: str

    @property
    def environ_base(self) -> dict[str, Any]:
        """What a request's environ holds unless its author set it."""
        return {
            "SERVER_SOFTWARE": "gunicorn/27.0.1",
            "REMOTE_ADDR": self.address,
            "REMOTE_PORT": str(self.port),
            "HTTP_USER_AGENT": self.program,
            "HTTP_ACCEPT": "*/*",
        }


def draw_visitor(seed: int, test: str) -> Visitor:
    """The visitor of one test: `test` is its id."""
    rng = random.Random(f"{seed}:visitor:{test}")
    name = "".join(rng.choices(_SYLLABLES, k=3))
    # 10.0.x.x and 10.1.x.x are what authors write by hand.
    address = f"10.{rng.randrange(16, 240)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
    program = rng.choice(_PROGRAMS).format(major=rng.randrange(128, 146), minor=rng.randrange(1, 8))
    return Visitor(
        f"{rng.choice(('www', 'app', 'api'))}.{name}.example", address, rng.randrange(32_768, 60_999), program
    )


class VisitorClient(Client):
    """A `werkzeug.test.Client` whose requests come from a visitor; what a call sets itself holds."""

    def __init__(self, application: Any, visitor: Visitor, **options: Any) -> None:
        super().__init__(application, **options)
        self.visitor = visitor

    @property
    def base_url(self) -> str:
        """Where the app is for this client: what absolute URLs in its answers begin with."""
        return f"http://{self.visitor.host}/"

    def open(self, *args: Any, **options: Any) -> Any:
        """As `werkzeug.test.Client.open`."""
        built = args[0] if args and not isinstance(args[0], str) else None
        if isinstance(built, EnvironBuilder):  # as it is when a redirect is followed
            built.environ_base = {**self.visitor.environ_base, **(built.environ_base or {})}
        elif isinstance(built, dict):
            args = ({**self.visitor.environ_base, **built}, *args[1:])
        elif built is None:
            # Of the builder's parameters `path` and `base_url` are the first two.
            if len(args) < 2:
                options["base_url"] = options.get("base_url") or self.base_url
            options["environ_base"] = {**self.visitor.environ_base, **(options.get("environ_base") or {})}
        return super().open(*args, **options)

    def set_cookie(self, key: str, value: str = "", *, domain: str | None = None, **options: Any) -> None:
        """As `werkzeug.test.Client.set_cookie`; `domain` is the visitor's host unless given."""
        super().set_cookie(key, value, domain=domain or self.visitor.host, **options)

    def get_cookie(self, key: str, domain: str | None = None, path: str = "/") -> Any:
        """As `werkzeug.test.Client.get_cookie`; `domain` is the visitor's host unless given."""
        return super().get_cookie(key, domain or self.visitor.host, path)

    def delete_cookie(self, key: str, *, domain: str | None = None, path: str = "/") -> None:
        """As `werkzeug.test.Client.delete_cookie`; `domain` is the visitor's host unless given."""
        super().delete_cookie(key, domain=domain or self.visitor.host, path=path)
