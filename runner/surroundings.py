"""The date and the time zone that a suite is run under. No grade may depend on either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What both containers of a pair take for the present time and place.

    `at`: seconds since the epoch at the start of the run, None for the real clock. `zone`: a time zone as POSIX writes
    it, which needs no database of zones; empty for the container's own, UTC.
    """

    name: str
    at: float | None = None
    zone: str = ""


HERE_AND_NOW = Surroundings("the date and the zone of the machine")


def _at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


_BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
#: Each a few seconds before what it is named for, so that it comes while the suite runs.
SURROUNDINGS: tuple[Surroundings, ...] = (
    HERE_AND_NOW,
    Surroundings("the end of a leap day", _at("2028-02-29T23:59:58")),
    Surroundings("the end of a year", _at("2026-12-31T23:59:58")),
    Surroundings("the hour that is skipped in spring", _at("2027-03-28T00:59:58"), _BERLIN),
    Surroundings("the hour that comes twice in autumn", _at("2027-10-31T00:59:58"), _BERLIN),
    Surroundings("a zone 14 hours ahead", zone="<+14>-14"),
    Surroundings("a zone 12 hours behind", zone="<-12>12"),
    Surroundings("the end of 32 bits of seconds", _at("2038-01-19T03:14:06")),
)


def surroundings_for(services: tuple[str, ...]) -> tuple[Surroundings, ...]:
    """Those to try a suite in. The clock of a server beside the app stays where it is, and both must agree."""
    return tuple(each for each in SURROUNDINGS if not services or each.at is None)
