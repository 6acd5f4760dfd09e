"""The exact form of each answer that an app's container may give. What has another form becomes a fault."""

from __future__ import annotations

import json
import math
import unicodedata
from typing import Any

from runner.inside.frames import Frame

MOST_HEADERS = 200
MOST_HEADER_CHARS = 64 * 1024
#: What PID 1 of the app's container counts: see `runner.inside.tally`.
COUNTED = (
    "forbidden_calls",
    "forks_refused",
    "output_dropped_bytes",
    "tried_native_code",
    "tried_network",
    "tried_paths",
    "tried_programs",
    "tried_signals",
)
_FAULTS = {"died", "timed_out", "rubbish", "not_started", "too_large"}


class _Malformed(ValueError):
    pass


def clean(value: Any, most_chars: int) -> str:
    """Text of the app for people to read: cut to size, without control characters; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    kept = (char for char in value[:most_chars] if char in "\n\t" or unicodedata.category(char)[0] != "C")
    return "".join(kept)


def check_answer(operation: str, frame: Frame, most_body_bytes: int) -> Frame:
    """A fresh frame that holds only what an answer to `operation` may hold."""
    fields = frame.fields
    try:
        if fields.get("ok") is True:
            if len(frame.body) > most_body_bytes:
                raise _Malformed
            return Frame("answer", {"ok": True, **_good(operation, frame)}, frame.body)
        if "raised" in fields:
            name, text = fields["raised"]
            return Frame("answer", {"ok": False, "raised": [clean(name, 200), clean(text, 4000)]})
        if fields.get("fault") in _FAULTS:
            message = clean(fields.get("message"), 500) or "The app did not answer"
            return Frame("answer", {"ok": False, "fault": fields["fault"], "message": message})
    except (KeyError, TypeError, ValueError, RecursionError):
        pass
    return Frame("answer", {"ok": False, "fault": "rubbish", "message": "The app's answer made no sense"})


def _good(operation: str, frame: Frame) -> dict[str, Any]:
    fields = frame.fields
    if operation == "request":
        return {"status": _status(fields["status"]), "headers": _headers(fields["headers"])}
    if operation in ("open", "instance"):
        return {"handle": _whole(fields["handle"])}
    if operation == "close":
        return {"left_over": _whole(fields["left_over"]), "counts": check_counts(fields.get("counts", {}))}
    if operation == "clock":
        if not isinstance(fields["now"], (int, float)) or not math.isfinite(fields["now"]):
            raise _Malformed
        return {"now": float(fields["now"])}
    if operation == "statements":
        statements = json.loads(frame.body)
        if not isinstance(statements, list) or not all(isinstance(item, str) for item in statements):
            raise _Malformed
        return {"mark": _whole(fields["mark"])}
    if operation == "call":
        json.loads(frame.body)
    return {}


def check_counts(value: Any) -> dict[str, int]:
    """Counts by name as they may be. Raises ValueError for anything else."""
    if not isinstance(value, dict) or not set(value) <= set(COUNTED):
        raise _Malformed
    return {name: _whole(count) for name, count in value.items()}


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise _Malformed
    return value


def _status(value: Any) -> str:
    if not isinstance(value, str) or not 3 <= len(value) <= 200 or not value[:3].isdecimal() or not value.isprintable():
        raise _Malformed
    return value


def _headers(value: Any) -> list[list[str]]:
    if not isinstance(value, list) or len(value) > MOST_HEADERS:
        raise _Malformed
    headers: list[list[str]] = []
    total = 0
    for name, text in value:
        if not isinstance(name, str) or not isinstance(text, str) or set(name + text) & {"\r", "\n", "\0"}:
            raise _Malformed
        total += len(name) + len(text)
        headers.append([name, text])
    if total > MOST_HEADER_CHARS:
        raise _Malformed
    return headers
