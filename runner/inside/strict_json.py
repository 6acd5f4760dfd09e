"""JSON with one meaning: UTF-8, no key twice, no NaN or infinity, and nothing larger than a reader can stand.

Python's own reader takes more: UTF-16 and UTF-32, encoded surrogates, NaN, `1e999` as infinity, the last of two equal
keys, and numbers so long that arithmetic on them raises. None of that is taken here (after RFC 8259 and RFC 7493).
"""

from __future__ import annotations

import json
import math
from typing import Any

#: Any number of so many characters fits a float, so that no comparison or conversion of it raises.
MOST_NUMBER_CHARS = 300


class RepeatedKey(ValueError):
    """An object has a key twice."""


def loads(data: bytes, *, most_depth: int, most_values: int) -> Any:
    """The value that `data` says, at most `most_depth` levels deep.

    `most_values` bounds what is allocated: separators and brackets are counted before anything is read, also those
    inside strings, so that an empty list costs as much as one of its bytes. Raises ValueError, RepeatedKey among it.
    """
    if sum(map(data.count, (b",", b"[", b"{", b":"))) > most_values:
        raise ValueError(f"more than {most_values} values")
    try:
        value = _DECODER.decode(data.decode("utf-8"))
    except RecursionError:
        raise ValueError(f"nested deeper than {most_depth}") from None
    if deeper_than(value, most_depth):
        raise ValueError(f"nested deeper than {most_depth}")
    return value


def deeper_than(value: Any, most: int) -> bool:
    """Whether a JSON value has more than `most` levels; `1` and `[]` have one, `[1]` has two."""
    level = [value]
    for _ in range(most):
        level = [
            child
            for item in level
            if isinstance(item, (dict, list))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise RepeatedKey("a key twice")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _whole(text: str) -> int:
    if len(text) > MOST_NUMBER_CHARS:
        raise ValueError("a number that is too long")
    return int(text)


def _real(text: str) -> float:
    value = float(text) if len(text) <= MOST_NUMBER_CHARS else math.inf
    if not math.isfinite(value):
        raise ValueError("a number that is too large or too long")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole, parse_float=_real)
