"""Cursors: where a listing stopped, as opaque text. They name the last row's sort key, so rows that come or go
meanwhile neither repeat nor hide others, and the thousandth part is found as fast as the first."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from store.errors import BadCursor

MAX_LIMIT = 500


def check_limit(limit: int) -> None:
    """Raise ValueError unless 1 ≤ limit ≤ MAX_LIMIT."""
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"limit must be from 1 to {MAX_LIMIT}, not {limit}")


def encode_cursor(*key: datetime | str | int) -> str:
    """The cursor of a row with this sort key."""
    parts = [part.isoformat() if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).rstrip(b"=").decode()


def decode_cursor(cursor: str, types: tuple[type, ...]) -> tuple[Any, ...]:
    """The sort key again, with parts of these types. Raises BadCursor for anything else."""
    try:
        parts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
        if not isinstance(parts, list) or len(parts) != len(types):
            raise ValueError("wrong number of parts")
        return tuple(_part(part, wanted) for part, wanted in zip(parts, types, strict=True))
    except (ValueError, OverflowError, RecursionError) as error:
        raise BadCursor("that is not a cursor of this listing", hint="leave it out to start at the newest") from error


def _part(part: object, wanted: type) -> object:
    if wanted is datetime and isinstance(part, str):
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    # PostgreSQL takes no NUL or surrogate in a text and no number beyond 64 bits.
    if wanted is str and isinstance(part, str) and part.isascii() and part.isprintable():
        return part
    if wanted is int and type(part) is int and 0 <= part < 2**63:
        return part
    raise ValueError("wrong part")
