"""The evening of this grading, and the terminal on the counter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mendbox_harness import Evening


def spelt(answer: Any) -> str:
    """An answer's JSON as it was written, but for white space: order and letters count."""
    text = answer.text
    content = json.dumps(json.loads(text), ensure_ascii=False)
    return content if "\\u" not in text else f"escaped: {text}"


def as_json(**content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


class Terminal:
    """The small machine on the counter."""

    def __init__(self, client: Any, key: str) -> None:
        self._client = client
        self._headers = {"X-Kiosk-Key": key}

    def post(self, path: str, body: Any) -> Any:
        return self._client.post(path, json=body, headers=self._headers)

    def send(self, path: str, data: Any, kind: str | None) -> Any:
        return self._client.post(path, data=data, content_type=kind, headers=self._headers)


@pytest.fixture
def evening(seed: int) -> Evening:
    """The evening that the harness stored for this grading."""
    return Evening(seed)


@pytest.fixture
def terminal(client: Any, evening: Evening) -> Terminal:
    return Terminal(client, evening.kiosk_key)


@pytest.fixture
def item(evening: Evening, rng: Any) -> dict[str, Any]:
    """Something that waits."""
    return rng.choice([item for item in evening.items if item["state"] == "waiting"])
