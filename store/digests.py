"""Digests of secrets that are looked up by what their holder sends, each with a mark of how it was made.

What is made today is made by the first algorithm of the list. To replace one, put another before it: what was stored by
the old one is found until it expires, and nobody needs a new token on that day.
"""

from __future__ import annotations

import hashlib

#: Marks of those in use; each is a key of `_MADE_BY`.
ALGORITHMS: tuple[str, ...] = ("sha256",)
_MADE_BY = {"sha256": hashlib.sha256, "sha3_512": hashlib.sha3_512}
#: Characters of the longest mark and digest: of 512 bits.
LONGEST = 140


def digest_of(text: str) -> str:
    """`algorithm:hexadecimal digits`, by the algorithm of today."""
    return _digest(ALGORITHMS[0], text)


def digests_of(text: str) -> tuple[str, ...]:
    """By each algorithm that something stored may have been made by."""
    return tuple(_digest(name, text) for name in ALGORITHMS)


def _digest(name: str, text: str) -> str:
    return f"{name}:{_MADE_BY[name](text.encode()).hexdigest()}"
