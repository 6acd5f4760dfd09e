"""What can become of a call to the carrier, other than what was asked for."""

from __future__ import annotations

from dataclasses import dataclass


class Problem(Exception):
    """The carrier did not do it."""


class Silent(Problem):
    """It was not reached, or gave no answer."""


class Failed(Problem):
    """It answered, and that is of no use."""


class Unreadable(Failed):
    """So is this, but the next answer may be better: an error of the carrier's, or no JSON object."""


@dataclass
class Busy(Problem):
    """It wants to be asked in so many seconds."""

    seconds: int


@dataclass
class Refused(Problem):
    """It won't, and says why."""

    status: int
    reason: str


#: Who ends so counts as a failure of the carrier, and may be tried again.
FAILURES = (Silent, Unreadable, Busy)
