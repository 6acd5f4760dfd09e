"""Redis's answers as JSON values, and values of a suite as the bytes that Redis takes."""

from __future__ import annotations

import json
import math
from typing import Any

#: Any byte has a text, and comes back from it as it was.
_ENCODING, _ERRORS = "utf-8", "surrogateescape"


def to_text(data: bytes) -> str:
    """Bytes as a text that JSON can say: UTF-8, other bytes as lone surrogates, as `os.fsdecode` does."""
    return data.decode(_ENCODING, _ERRORS)


def to_bytes(value: Any) -> bytes:
    """A word of a command: a text in UTF-8, a number as digits, bytes as they are. Raises TypeError for all else."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode(_ENCODING, _ERRORS)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value).encode()
    raise TypeError(f"a command holds texts, bytes and numbers, not {type(value).__name__}")


def plain(answer: Any) -> Any:
    """What a client library gives for an answer, as a JSON value.

    Texts for bytes, lists for arrays and sets, dicts for maps with a text for each key, texts for numbers that JSON has
    not (inf, nan). An error within an answer, as a transaction may hold, becomes {"error": its text}.
    """
    if isinstance(answer, bytes):
        return to_text(answer)
    if answer is None or isinstance(answer, (bool, int, str)):
        return answer
    if isinstance(answer, float):
        return answer if math.isfinite(answer) else repr(answer)
    if isinstance(answer, dict):
        return {_key(plain(key)): plain(value) for key, value in answer.items()}
    if isinstance(answer, (list, tuple, set, frozenset)):
        return [plain(item) for item in answer]
    return {"error": str(answer)}


def _key(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
