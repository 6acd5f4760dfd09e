"""Takes up the date and the time zone that a run is to have."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

from runner.inside.clocks import Clocks


def take_up(surroundings: Mapping[str, Any], clocks: Clocks) -> None:
    """From now on it is `at` (seconds since the epoch; None: as it was) in `zone` (as POSIX writes it; "": as it was).

    For this process and those that it forks.
    """
    if surroundings["zone"]:
        os.environ["TZ"] = surroundings["zone"]
        time.tzset()
    if surroundings["at"] is not None:
        clocks.begin_at(surroundings["at"])
