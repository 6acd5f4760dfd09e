"""How the tests ask for pages and send forms, and what they read in an answer."""

from __future__ import annotations

import html
import re
from typing import Any

JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def read(client: Any, path: str) -> Any:
    """A page as JSON."""
    answer = client.get(path, headers=JSON)
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), path
    return answer.json


def page(client: Any, path: str) -> str:
    """A page as HTML, as text."""
    answer = client.get(path, headers=HTML)
    assert (answer.status_code, answer.mimetype) == (200, "text/html"), path
    return html.unescape(answer.text)


def send(client: Any, path: str, **form: str) -> Any:
    """Send a form that is accepted; gives the answer. The next page tells what was done."""
    answer = client.post(path, data=form)
    assert answer.status_code == 303, path
    return answer


def tell(client: Any, path: str, **form: str) -> Any:
    """The same, and be told what was done."""
    answer = send(client, path, **form)
    client.get("/login", headers=HTML)
    return answer


def refusal(client: Any, path: str) -> tuple[int, str | None]:
    """Status and location of an answer that is no page."""
    answer = client.get(path, headers=HTML)
    assert answer.status_code != 200, path
    return answer.status_code, answer.location


def messages(text: str) -> list[str]:
    """What a page tells about what was done."""
    return re.findall(r'<p class="message">(.*?)</p>', text)


def is_public(answer: Any) -> bool:
    """Whether web caches may keep the answer, for a minute; if not, nobody may."""
    told = answer.cache_control
    if told.public:
        assert told.max_age == 60
        assert not told.private
        assert not told.no_store
        return True
    assert told.private
    assert told.no_store
    return False


def varies(answer: Any) -> set[str]:
    """What the answer depends on, of what matters here."""
    return {name.title() for name in answer.vary} & {"Accept", "Cookie"}


def cookies(answer: Any) -> dict[str, str]:
    """The cookies that an answer sets."""
    return dict(line.split(";")[0].split("=", 1) for line in answer.headers.getlist("Set-Cookie"))
