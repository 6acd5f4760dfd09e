"""Making text and numbers from hostile places fit for every database.

What an app prints or a test reports may hold NUL (PostgreSQL refuses it), lone surrogates (no UTF-8 for them) or NaN
(no JSON for it). Without this a candidate could make the recording of their grade fail, which is a platform fault.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Mapping
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
#: Line and paragraph ends, control characters, halves of characters.
_NOT_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: They make what follows look like something else, in a list as in a terminal.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_text(text: str) -> str:
    """The text with every NUL and lone surrogate replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join(REPLACEMENT if "\ud800" <= char <= "\udfff" else char for char in text)
    return text.replace("\0", REPLACEMENT)


def clean_seconds(seconds: float) -> float:
    """The number, or 0.0 for NaN and infinities."""
    return seconds if math.isfinite(seconds) else 0.0


def clean_json(value: Any) -> Any:
    """The JSON value with clean texts and keys, and null for numbers that JSON does not have."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {clean_text(str(key)): clean_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_json(item) for item in value]
    return value


def dump_json(value: Any) -> str:
    """Compact JSON text of a value, cleaned. Raises TypeError for what is not JSON."""
    return json.dumps(clean_json(value), separators=(",", ":"), allow_nan=False)


def is_one_line(text: str) -> bool:
    """Whether it can stand in a line among others. Joiners are fine: names in several scripts need them."""
    return not any(unicodedata.category(char) in _NOT_IN_A_LINE or char in _DIRECTIONS for char in text)


def whole_number(text: str, least: int, most: int) -> int | None:
    """The number that the text is, in decimal digits and no more of them than `most` has; None for any other text."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if least <= number <= most else None
