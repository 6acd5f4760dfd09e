"""What browsers do, and what they show: signing in, cookies, where an answer leads."""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import urljoin, urlsplit

COOKIE = "plots"


def sign_in(client: Any, member: Any, password: str | None = None, **changes: str) -> Any:
    """Send the form, with the member's own password unless told."""
    typed = member.password if password is None else password
    return client.post("/login", data={"email": member.email, "password": typed, "next": "/plot"} | changes)


def is_in(client: Any, member: Any) -> bool:
    """Whether this browser is shown the member's plot."""
    answer = client.get("/plot")
    if answer.status_code == 302:
        assert answer.location.startswith("/login")
        return False
    assert answer.status_code == 200
    return f"Plot {member.label}" in answer.text and member.name in answer.text


def has_picked(client: Any, site: Any) -> bool:
    """Whether the home page shows this site's notices."""
    page = client.get("/")
    assert site.name in page.text
    return site.notice in page.text


def name_of(client: Any) -> str:
    """What this browser has in the session's cookie."""
    cookie = client.get_cookie(COOKIE, domain=_host(client))
    return cookie.value if cookie else ""


def send_name(client: Any, name: str) -> None:
    """Let this browser have that in the session's cookie."""
    client.set_cookie(COOKIE, name, domain=_host(client))


def _host(client: Any) -> str:
    return client.visitor.host.partition(":")[0]


def flags(set_cookies: list[str]) -> list[set[str]]:
    """Of each time that the session's cookie is set: its attributes, in small letters."""
    found = []
    for header in set_cookies:
        pair, *attributes = header.split(";")
        name, _, value = pair.partition("=")
        if name == COOKIE and value.strip('"'):
            found.append({attribute.strip().lower() for attribute in attributes})
    return found


def destination(client: Any, answer: Any) -> tuple[str, str]:
    """Where a browser goes: the origin, and the rest. Browsers skip some characters; a backslash is a slash."""
    assert answer.status_code == 302, answer.status_code
    shown = answer.location.strip("".join(map(chr, range(33))))
    for skipped in "\t\r\n":
        shown = shown.replace(skipped, "")
    head, mark, query = shown.partition("?")
    parts = urlsplit(urljoin(client.base_url, head.replace("\\", "/") + mark + query))
    return f"{parts.scheme}://{parts.netloc}/", parts._replace(scheme="", netloc="").geturl()


def without(text: str, *typed: str) -> str:
    """A page's text, without what was typed."""
    for each in typed:
        text = text.replace(html.escape(each), "").replace(each, "")
    return text
