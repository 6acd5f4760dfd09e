"""Which lines a fix is made of: what it changed against the starter."""

from __future__ import annotations

from difflib import SequenceMatcher


def changed_lines(before: bytes | None, after: bytes) -> set[int]:
    """Numbers (from 1) of the lines of `after` that are not those of `before`; all, where there was no such file."""
    lines = after.splitlines()
    if before is None:
        return set(range(1, len(lines) + 1))
    matcher = SequenceMatcher(None, before.splitlines(), lines, autojunk=False)
    return {
        number + 1
        for kind, _, _, start, end in matcher.get_opcodes()
        if kind in ("replace", "insert")
        for number in range(start, end)
    }
