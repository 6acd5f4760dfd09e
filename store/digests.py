"""Digests of secrets that are looked up by what their holder sends, each with a mark of how it was made.

What is made today is made by the first algorithm of the list. To replace one, put another before it: what was stored by
the old one is found until it expires, and nobody needs a new token on that day.
"""

from __future__ import annotations

import hashlib

#: Names as `hashlib` has them.
ALGORITHMS = ("sha256",)
#: Characters of the longest mark and digest: of 512 bits.
LONGEST = 140


def digest_of(text: str) -> str:
    """`algorithm:hexadecimal digits`, by the algorithm of today."""
    return _digest(ALGORITHMS[0], text)


def digests_of(text: str) -> tuple[str, ...]:
    """By each algorithm that something stored may have been made by."""
    return tuple(_digest(name, text) for name in ALGORITHMS)


def _digest(name: str, text: str) -> str:
    return f"{name}:{hashlib.new(name, text.encode()).hexdigest()}"
