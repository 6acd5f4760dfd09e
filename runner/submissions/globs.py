"""Globs over POSIX paths, for the manifest's `editable`.

`*` and `?` stay within one segment; a segment `**` stands for any number of folders, also none; a last segment `**`
for everything below. Case counts. Sets in brackets are not part of the language: `check_glob` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def check_glob(pattern: str) -> None:
    """Raise ValueError, saying what to do, for a pattern that can match no path or uses what is unknown here."""
    if not pattern or pattern.startswith("/") or "\\" in pattern:
        raise ValueError("a glob is a relative path with forward slashes")
    segments = pattern.split("/")
    if any(segment in {"", ".", ".."} for segment in segments):
        raise ValueError("a glob has no empty, '.' or '..' segments; for all below a folder write folder/**")
    if any("**" in segment and segment != "**" for segment in segments):
        raise ValueError("'**' stands alone between slashes, as in app/**/*.py")
    if set("[]{}!") & set(pattern):
        raise ValueError("brackets, braces and '!' have no meaning in these globs; write one glob for each case")


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    segments = pattern.split("/")
    parts: list[str] = []
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        if segment == "**":
            parts.append(r"[^/]+(?:/[^/]+)*" if last else r"(?:[^/]+/)*")
        else:
            literal = re.escape(segment).replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
            parts.append(literal if last else literal + "/")
    return re.compile("".join(parts), re.DOTALL)


def matches_any(path: str, patterns: Iterable[str]) -> bool:
    """Whether one of the globs covers the whole path."""
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)
