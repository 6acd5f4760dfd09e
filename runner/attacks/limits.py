"""Under which limits an attack is tried on a challenge, so that what it wants is too much there: pure."""

from __future__ import annotations

from runner.attacks.model import Attack
from runner.limits import Limits

#: Attacks want more than these. A challenge that allows more is attacked within these, one that allows less within its
#: own. Processes are twice the default: a challenge that is to run on gVisor needs them.
CEILINGS = Limits(pids=256)
_CAPPED = ("memory_mb", "pids", "tmpfs_mb", "tmpfs_inodes", "response_kb", "output_kb")
#: What each test may take beyond two requests that wait for their deadline.
_SLOWEST_TEST_S = 1.5
_MOST_GRADING_S = 600.0


def limits_under(attack: Attack, limits: Limits, tests: int) -> Limits:
    """A challenge's limits as `attack` meets them, where the hidden suite has so many tests.

    What the attack has to wait for is shortened as it says, but all of the suite has the time to be run.
    """
    values = {**limits.model_dump(), **{name: min(getattr(limits, name), getattr(CEILINGS, name)) for name in _CAPPED}}
    values.update(attack.limits)
    if "grading_s" in attack.limits:
        needed = tests * (2 * values["request_s"] + _SLOWEST_TEST_S)
        values["grading_s"] = min(_MOST_GRADING_S, max(values["grading_s"], needed))
    # Deadlines nest, whichever of them the attack names.
    values["test_s"] = min(values["test_s"], values["grading_s"] / 2)
    values["request_s"] = min(values["request_s"], values["test_s"] / 2)
    return Limits.model_validate(values)
