"""Finds fixes and mistakes by what people call them: `fixes/clamped`, or `clamped` alone."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from runner.errors import MendboxError


def picked(known: Sequence[str], name: str, unknown: str) -> list[str]:
    """Those of `known` that a name means. Raises MendboxError, which says `unknown` and names the nearest."""
    wanted = name.rstrip("/")
    found = [each for each in known if wanted in (each, each.partition("/")[2])]
    if not found:
        near = get_close_matches(wanted, [*known, *(each.partition("/")[2] for each in known)], 1)
        raise MendboxError(unknown, hint=f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}")
    return found
