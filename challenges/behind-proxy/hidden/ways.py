"""The ways to a site: through its proxies, as they are set up, or without any; and what a page shows and leads to."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import pytest
from werkzeug.test import Client, TestResponse

PROXIED = ("club", "park")
ALL = ("hut", *PROXIED)
#: For a test that is made for sites without proxies and for those with them.
either = pytest.mark.parametrize("kinds", [("hut",), PROXIED], ids=["direct", "proxied"])


@dataclass(frozen=True)
class Proxy:
    """A proxy: its own address, how and by which host it asks, and below which path the next one has the app."""

    address: str
    scheme: str
    host: str
    prefix: str


@dataclass(frozen=True)
class Site:
    """A site as visitors see it: at a scheme, host and path, behind proxies, the outermost first."""

    client: Client
    port: int
    proxies: tuple[Proxy, ...]
    scheme: str
    host: str
    prefix: str
    comma: str
    visitor: str
    office: str

    @property
    def base(self) -> str:
        """What the site's addresses begin with."""
        return f"{self.scheme}://{self.host}{self.prefix}"

    def but(self, **changes: Any) -> Site:
        """The same site, but for these things."""
        return replace(self, **changes)

    def ask(
        self, path: str, method: str = "GET", *, wrote: Mapping[str, str] | None = None, **options: Any
    ) -> TestResponse:
        """Request a path below the site's by its visitor, who wrote these headers. It passes all proxies on its way."""
        headers = dict(wrote or {})
        address, scheme, host, prefix = self.visitor, self.scheme, self.host, self.prefix
        for proxy in self.proxies:
            for name, value in (("For", address), ("Proto", scheme), ("Host", host), ("Prefix", prefix)):
                before = headers.get(f"X-Forwarded-{name}")
                headers[f"X-Forwarded-{name}"] = value if before is None else f"{before}{self.comma}{value}"
            address, scheme, host, prefix = proxy.address, proxy.scheme, proxy.host, proxy.prefix
        return self.client.open(
            path,
            method=method,
            base_url=f"{scheme}://{host}{prefix}/",
            headers=headers,
            environ_base={"REMOTE_ADDR": address},
            environ_overrides={"SERVER_PORT": str(self.port)},
            **options,
        )

    def path_of(self, address: str) -> str:
        """What follows the site's path in one of its addresses."""
        assert address.startswith(f"{self.base}/"), f"{address} is not below {self.base}"
        return address.removeprefix(self.base)

    def follow(self, address: str, method: str = "GET", **options: Any) -> TestResponse:
        return self.ask(self.path_of(address), method, **options)

    def page(self, path: str, status: int = 200) -> Page:
        """The page at a path below the site's."""
        answer = self.ask(path)
        assert answer.status_code == status, path
        return Page(self.base + path, answer.text)

    def sent_to(self, asked: str, answer: TestResponse) -> str:
        """Where a redirect leads, relative to the site's path; `asked` is the path that gave it."""
        assert answer.status_code == 303, answer.status_code
        return self.path_of(urljoin(self.base + asked, answer.headers["Location"]))

    def report(self, trail: Any, place: str, **options: Any) -> TestResponse:
        """Send the form below a trail."""
        fields = {"kind": "landslip", "place": place, "name": "", "email": ""}
        return self.ask(f"/trails/{trail.slug}/reports", "POST", data=fields | options.pop("fields", {}), **options)

    def phone(self, trail: Any, place: str, **options: Any) -> TestResponse:
        """Report by the API."""
        return self.ask(
            "/api/reports", "POST", json={"trail": trail.slug, "kind": "landslip", "place": place}, **options
        )

    def desk(self) -> Site:
        """The same site as somebody in the office sees it."""
        return self.but(visitor=self.office)

    def kept(self) -> dict[str, str]:
        """The addresses that reports came from, by place."""
        return {each["place"]: each["address"] for each in self.desk().ask("/desk/reports").json["reports"]}

    def withdrawal(self, recipient: str) -> str:
        """The address in the mail to somebody."""
        (text,) = (each["text"] for each in self.desk().ask("/desk/mails").json["mails"] if each["to"] == recipient)
        return text.split()[-1]


class Page(HTMLParser):
    """A page: its heading, its text, links by text, where its forms lead, and what it loads."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.heading = ""
        self.links: dict[str, str] = {}
        self.forms: list[str] = []
        self.loads: list[str] = []
        self._base = self._url = url
        self._words: list[str] = []
        self._link: list[str] | None = None
        self._in_heading = False
        self.feed(html)

    @property
    def text(self) -> str:
        """What can be read, with single spaces."""
        return " ".join("".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and "href" in given:
            self._base = urljoin(self._url, given["href"])
        elif tag == "a":
            self._link = ["", urljoin(self._base, given.get("href", ""))]
        elif tag == "form":
            self.forms.append(urljoin(self._base, given["action"]) if given.get("action") else self._url)
        elif tag == "link":
            self.loads.append(urljoin(self._base, given["href"]))
        elif tag == "img":
            self.loads.append(urljoin(self._base, given["src"]))
        self._in_heading = self._in_heading or tag == "h1"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            self.links[" ".join(self._link[0].split())] = self._link[1]
            self._link = None
        self._in_heading = self._in_heading and tag != "h1"

    def handle_data(self, data: str) -> None:
        self._words.append(data)
        if self._link is not None:
            self._link[0] += data
        if self._in_heading:
            self.heading = f"{self.heading}{data}".strip()


def names(rng: random.Random) -> str:
    """A host that is nobody's."""
    letters = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7))
    return f"{rng.choice(('www', 'paths', 'go'))}.{letters}.example"
