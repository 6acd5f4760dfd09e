"""Where a word stands for itself: it ends where letters and digits do, so `hut` is in `hut_id` and not in `shutter`."""

from __future__ import annotations

import re
from collections.abc import Iterable


def pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the words where it stands for itself, of two that begin alike the longer."""
    return re.compile("|".join(_bounded(word) for word in sorted(words, key=len, reverse=True)))


def _bounded(word: str) -> str:
    letter_or_digit = r"[^\W_]"
    before = f"(?<!{letter_or_digit})" if word[0].isalnum() else ""
    after = f"(?!{letter_or_digit})" if word[-1].isalnum() else ""
    return before + re.escape(word) + after
