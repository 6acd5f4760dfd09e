"""How the tests read a log."""

from __future__ import annotations

import json
import re
from typing import Any


def records(text: str) -> list[dict[str, Any]]:
    """The records of a log. Other lines are left out: that there are none is R1's."""
    found = []
    for line in text.split("\n"):
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            found.append(record)
    return found


def of(event: str, among: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [record for record in among if record.get("event") == event]


def with_text(text: str, among: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records that hold a text, in whichever field."""
    return [record for record in among if text in json.dumps(record, ensure_ascii=False)]


def tells(log: str, secret: str) -> bool:
    """Whether a log holds a token or a key, or eight characters in a row of it."""
    return any(secret[start : start + 8] in log for start in range(len(secret) - 7))


def tells_number(log: str, nhn: str) -> bool:
    """Whether a log holds a national health number, in whichever form."""
    between = "(?:[ +-]|%20)?"
    return re.search(f"{nhn[:3]}{between}{nhn[3:6]}{between}{nhn[6:]}", log) is not None


def tells_address(log: str, email: str) -> bool:
    """Whether a log holds an address, or what stands before its `@`."""
    return email.partition("@")[0].lower() in log.lower()
