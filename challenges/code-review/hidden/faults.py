"""The faults in `lanes/` that count: of which kinds, and in which lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Findings of one of `kinds` in one of `places` (file, first line, last line) are about it."""

    kinds: tuple[str, ...]
    places: tuple[tuple[str, int, int], ...]

    def is_meant_by(self, finding: dict[str, object]) -> bool:
        return finding["kind"] in self.kinds and any(
            finding["file"] == file and first <= int(str(finding["line"])) <= last for file, first, last in self.places
        )


BY_OTHERS = (
    Fault(("injection",), (("lanes/courses.py", 52, 57),)),
    Fault(("injection", "access"), (("lanes/bills.py", 54, 55),)),
    Fault(("redirect",), (("lanes/people.py", 40, 40),)),
    Fault(("secret",), (("lanes/__init__.py", 17, 17),)),
    Fault(("access",), (("lanes/bookings.py", 68, 72), ("lanes/bookings.py", 32, 36))),
)
WRONG = (
    Fault(("wrong-result",), (("lanes/bookings.py", 26, 29),)),
    Fault(("wrong-result",), (("lanes/bills.py", 20, 26),)),
    Fault(("swallowed", "wrong-result"), (("lanes/bookings.py", 83, 88),)),
)
IN_THE_LONG_RUN = (
    Fault(("race",), (("lanes/bookings.py", 52, 56),)),
    Fault(("state",), (("lanes/mail.py", 10, 12), ("lanes/mail.py", 16, 18))),
    Fault(("state", "access", "wrong-result"), (("lanes/courses.py", 16, 17), ("lanes/courses.py", 39, 45))),
    Fault(("cost",), (("lanes/courses.py", 20, 22), ("lanes/courses.py", 42, 44))),
    Fault(("leak",), (("lanes/bills.py", 55, 56),)),
)
ALL = (*BY_OTHERS, *WRONG, *IN_THE_LONG_RUN)
