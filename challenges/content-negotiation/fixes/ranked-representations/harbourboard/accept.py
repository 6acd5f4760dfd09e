"""Reading `Accept` (RFC 9110, section 12.5.1). Pure: texts in, texts out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


class Range(NamedTuple):
    """A part of the header. The longer the pattern is, without its stars, the more exact it is."""

    main: str
    sub: str
    weight: float

    @property
    def exactness(self) -> int:
        return (self.main != "*") + (self.sub != "*")

    def covers(self, media_type: str) -> bool:
        main, _, sub = media_type.partition("/")
        return self.main in ("*", main) and self.sub in ("*", sub)


def ranges_in(header: str) -> list[Range]:
    """The ranges of a header, the most exact first. What is no range, or has no proper weight, is left out."""
    found = []
    for part in header.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        main, slash, sub = media_range.partition("/")
        named = [each.partition("=") for each in parameters]
        weights = [value.strip() for name, _, value in named if name.strip() == "q"]
        proper = all(_WEIGHT.fullmatch(weight) for weight in weights)
        if slash and main and sub and proper and (main != "*" or sub == "*"):
            found.append(Range(main, sub, float(weights[0]) if weights else 1.0))
    return sorted(found, key=lambda each: each.exactness, reverse=True)


def acceptable(header: str | None, media_types: Iterable[str]) -> list[str]:
    """Those of the types that the header lets through, the best first. Without a header it is all of them, as they come."""
    if header is None or not header.strip():
        return list(media_types)
    ranges = ranges_in(header)
    ranked: list[tuple[float, int, str]] = []
    for media_type in media_types:
        naming = next((each for each in ranges if each.covers(media_type)), None)
        if naming is not None and naming.weight > 0:
            ranked.append((naming.weight, naming.exactness, media_type))
    ranked.sort(key=lambda entry: entry[:2], reverse=True)
    return [media_type for *_, media_type in ranked]
