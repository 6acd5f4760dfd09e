"""What tests need to know of the runtime under test."""

from __future__ import annotations

from collections.abc import Callable

from runner.limits import Limits

#: Whether the runtime under test differs in what `runner.sandbox.runtimes.DIFFERENCES` names so.
Differs = Callable[[str], bool]
#: gVisor's ptrace platform stops each process at each system call: a Flask app starts and answers that much slower.
_SLOWER = 2.0
_MOST_S = {"app_start_s": 60.0, "request_s": 29.0, "test_s": 60.0, "grading_s": 600.0}


def patient(limits: Limits, *, gvisor: bool, slower: float = _SLOWER) -> Limits:
    """The same limits; on gVisor with deadlines as much longer as it is slower, within the bounds of each."""
    if not gvisor:
        return limits
    given = limits.model_dump()
    longer = {name: min(most_s, given[name] * slower) for name, most_s in _MOST_S.items()}
    return Limits.model_validate({**given, **longer})
