"""How much of a candidate's time is left, as pages say it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api.invitations import Invited
from api.pages.desk import minutes_of


def time_of(invited: Invited | None) -> dict[str, Any] | None:
    """What a page says of the time that is left; None without a clock."""
    if invited is None or invited.clock is None:
        return None
    left = invited.clock.left
    return {
        "seconds": left // timedelta(seconds=1),
        "says": minutes_of(left),
        "stands": invited.clock.stands,
        "over": invited.is_over,
        "over_says": "You said that you are done" if invited.is_done else "Your time is over",
    }
