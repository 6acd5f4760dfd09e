"""The exact form of each answer that an app's container may give. What has another form becomes a fault."""

from __future__ import annotations

import unicodedata
from typing import Any

from runner.inside import strict_json
from runner.inside.frames import Frame
from runner.inside.http_rules import check_headers, check_status

#: What `app.call` may give and `queries` may hold, see `strict_json.loads`: some 20 MiB once it is read.
MOST_BODY_DEPTH = 64
MOST_BODY_VALUES = 250_000
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
_WITHOUT_BODY = {"open", "instance", "clock", "keep", "fresh", "advance"}


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
            if len(frame.body) > most_body_bytes or (frame.body and operation in _WITHOUT_BODY):
                raise _Malformed
            return Frame("answer", {"ok": True, **_good(operation, frame)}, frame.body)
        if "raised" in fields:
            # Only a function that was called can raise: what is expected to fail must not pass for what was requested.
            if operation not in ("call", "database", "redis"):
                raise _Malformed
            name, text = fields["raised"]
            return Frame("answer", {"ok": False, "raised": [clean(name, 200), clean(text, 4000)]})
        if fields.get("fault") in _FAULTS:
            message = clean(fields.get("message"), 500) or "The app did not answer"
            return Frame("answer", {"ok": False, "fault": fields["fault"], "message": message})
    except (_Malformed, KeyError, TypeError, ValueError):
        pass
    return Frame("answer", {"ok": False, "fault": "rubbish", "message": "The app's answer made no sense"})


def _good(operation: str, frame: Frame) -> dict[str, Any]:
    fields = frame.fields
    if operation == "request":
        headers = check_headers(fields["headers"])
        return {"status": check_status(fields["status"]), "headers": [[name, text] for name, text in headers]}
    if operation in ("open", "instance"):
        return {"handle": _whole(fields["handle"])}
    if operation == "close":
        return {"left_over": _whole(fields["left_over"]), "counts": check_counts(fields.get("counts", {}))}
    if operation == "clock":
        if type(fields["now"]) not in (int, float):
            raise _Malformed
        return {"now": float(fields["now"])}
    if operation == "statements":
        statements = _json(frame.body)
        if not isinstance(statements, list) or not all(isinstance(item, str) for item in statements):
            raise _Malformed
        return {"mark": _whole(fields["mark"])}
    if operation in ("call", "redis"):
        _json(frame.body)
    if operation == "database":
        rows = _json(frame.body)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise _Malformed
    return {}


def _json(body: bytes) -> Any:
    return strict_json.loads(body, most_depth=MOST_BODY_DEPTH, most_values=MOST_BODY_VALUES)


def check_counts(value: Any) -> dict[str, int]:
    """Counts by name as they may be. Raises ValueError for anything else."""
    if not isinstance(value, dict) or not set(value) <= set(COUNTED):
        raise _Malformed
    return {name: _whole(count) for name, count in value.items()}


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise _Malformed
    return value
