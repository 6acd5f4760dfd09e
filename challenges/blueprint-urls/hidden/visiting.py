"""Visiting the bank below a path as browsers do, by the addresses that it gives."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from werkzeug.test import Client, TestResponse


class Page(HTMLParser):
    """A page: its heading, links by text, forms by the last part of their address, and what it loads."""

    def __init__(self, url: str, answer: TestResponse) -> None:
        super().__init__()
        self.url = url
        self._base = url
        self.answer = answer
        self.heading = ""
        self.links: list[tuple[str, str]] = []
        self.forms: list[dict[str, Any]] = []
        self.loads: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "base" and "href" in given:
            self._base = urljoin(self.url, given["href"])
        elif tag == "a":
            self.links.append(("", urljoin(self._base, given.get("href", ""))))
        elif tag == "form":
            target = urljoin(self._base, given["action"]) if given.get("action") else self.url
            self.forms.append({"method": given.get("method", "get").upper(), "target": target, "fields": []})
        elif tag in ("input", "button", "select", "textarea"):
            if self.forms and "name" in given:
                self.forms[-1]["fields"].append(given["name"])
        elif tag == "link" and "stylesheet" in given.get("rel", ""):
            self.loads.append(urljoin(self._base, given["href"]))
        elif tag in ("img", "script", "source") and "src" in given:
            self.loads.append(urljoin(self._base, given["src"]))
        if tag in ("a", "h1", "style", "script"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        if "a" in self._open:
            text, target = self.links[-1]
            self.links[-1] = (" ".join(f"{text} {data}".split()), target)
        if "h1" in self._open:
            self.heading = " ".join(f"{self.heading} {data}".split())
        self.words.append(data)

    @property
    def text(self) -> str:
        """What can be read, with single spaces."""
        return " ".join("".join(self.words).split())

    def link(self, text: str) -> str:
        """The address behind the link with this text."""
        found = [target for said, target in self.links if said == text]
        assert found, f"no link {text!r} on {self.url}"
        assert len(set(found)) == 1, f"links {text!r} on {self.url} lead to different places"
        return found[0]

    def form(self, field: str) -> dict[str, Any]:
        """The form that has this field."""
        found = [form for form in self.forms if field in form["fields"]]
        assert len(found) == 1, f"forms with {field!r} on {self.url}: {len(found)}"
        return found[0]


class Place:
    """The app below a path. Addresses are followed as they are given, and must stay in the app."""

    def __init__(self, client: Client, mount: str) -> None:
        self.client = client
        self.base = client.base_url.rstrip("/") + mount + "/"

    def ask(self, path: str, method: str = "GET", **options: Any) -> TestResponse:
        """Request a path relative to where the app is."""
        return self.client.open(path, method=method, base_url=self.base, **options)

    def page(self, path: str) -> Page:
        """The page at a path relative to where the app is, which must be there."""
        answer = self.ask(path)
        assert answer.status_code == 200, path
        return Page(urljoin(self.base, path.lstrip("/")), answer)

    def path_of(self, address: str) -> str:
        """What an address is relative to where the app is."""
        assert address.startswith(self.base), f"{address} is not below {self.base}"
        return address[len(self.base) - 1 :]

    def follow(self, address: str, method: str = "GET", **options: Any) -> TestResponse:
        return self.ask(self.path_of(address), method=method, **options)

    def open(self, address: str) -> Page:
        """The page at an address, which must be there."""
        return self.page(self.path_of(address))

    def sent_to(self, asked: str, answer: TestResponse) -> Page:
        """The page that a redirect leads to; `asked` is the address which gave it."""
        assert answer.status_code in (301, 302, 303, 307, 308), answer.status_code
        return self.open(urljoin(asked, answer.headers["Location"]))

    def submit(self, form: dict[str, Any], data: dict[str, Any]) -> Page:
        """Send a form; gives the page that one is led to."""
        assert form["method"] == "POST"
        return self.sent_to(form["target"], self.follow(form["target"], "POST", data=data))


def shown(page: Page, accession: Any) -> bool:
    """Whether a page is this accession's, and not that of another one with the same number."""
    return page.heading == accession.number and accession.taxon in page.text


def loaded_by(styles: str) -> list[str]:
    """What a style sheet loads."""
    return [match.strip("\"' ") for match in re.findall(r"url\(([^)]*)\)", styles)]


def numbers_on(page: Page) -> list[str]:
    """The numbers of a list, in its order."""
    return [text for text, _ in page.links if text[:1].isdigit()]
