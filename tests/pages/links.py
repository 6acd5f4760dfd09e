"""Candidates who come by their link, and what a page costs."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import event

from store.records import IssuedToken, Role
from tests.api.conftest import Platform


def by_link(platform: Platform, token: IssuedToken | None = None) -> tuple[FlaskClient, dict[str, str]]:
    """A browser in which a candidate has come by their link, and what its pages send with a change."""
    client = platform.app.test_client()
    text = (token or platform.tokens[Role.CANDIDATE]).text
    assert client.post("/start", data={"code": text}).status_code == 303
    sent = re.search(r"hx-headers='([^']+)'", client.get("/work").text)
    assert sent is not None
    return client, json.loads(html.unescape(sent[1]))


def statements_of(platform: Platform, call: Callable[[], object]) -> int:
    """How many statements the database is sent meanwhile."""
    counted: list[str] = []

    def note(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    event.listen(platform.store.engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(platform.store.engine, "before_cursor_execute", note)
    return len(counted)
