"""The faults in `lanes/`, of which kinds and in which lines: those that count, and those that are too small."""

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
    Fault(("redirect",), (("lanes/people.py", 33, 40),)),
    Fault(("secret",), (("lanes/__init__.py", 16, 20),)),
    Fault(("access",), (("lanes/bookings.py", 68, 72), ("lanes/bookings.py", 32, 36))),
)
WRONG = (
    Fault(("wrong-result",), (("lanes/bookings.py", 26, 29),)),
    Fault(("wrong-result",), (("lanes/bills.py", 17, 17), ("lanes/bills.py", 20, 26))),
    Fault(("swallowed", "wrong-result"), (("lanes/bookings.py", 83, 88),)),
)
IN_THE_LONG_RUN = (
    Fault(("race",), (("lanes/bookings.py", 52, 56),)),
    # Whoever got a mail before gets this one, which is not theirs; and the list is longer after each.
    Fault(("state", "access", "wrong-result", "cost"), (("lanes/mail.py", 10, 12), ("lanes/mail.py", 16, 18))),
    Fault(("state", "access", "wrong-result"), (("lanes/courses.py", 16, 17), ("lanes/courses.py", 39, 45))),
    # A query for each course, of the list and of what a search finds.
    Fault(("cost",), (("lanes/courses.py", 20, 22), ("lanes/courses.py", 42, 44), ("lanes/courses.py", 58, 58))),
    Fault(("leak",), (("lanes/bills.py", 55, 56),)),
)
#: What is wrong as well and would hurt few: a finding about it is true, so it does not miss, and earns nothing.
BESIDE = (
    # Another site's page can have a browser that is signed in book, give back or say that somebody has paid.
    Fault(("access",), (("lanes/bookings.py", 39, 41), ("lanes/bookings.py", 75, 77), ("lanes/bills.py", 36, 38))),
    # A token that does not change is in an address, in logs, and in the database as it is.
    Fault(("secret", "access"), (("lanes/people.py", 33, 39), ("lanes/models.py", 27, 27))),
    # A course that has begun, the same child twice, a child without a name.
    Fault(("wrong-result",), (("lanes/bookings.py", 44, 44), ("lanes/bookings.py", 47, 49))),
    # The booking is stored, and the answer is a 500 if the mail can't be written; threads write at the same time.
    Fault(("wrong-result", "swallowed"), (("lanes/bookings.py", 56, 57), ("lanes/mail.py", 13, 15))),
    Fault(("race",), (("lanes/mail.py", 10, 18),)),
    # Pages that nobody has are kept, too, one for each number that is asked for.
    Fault(("cost",), (("lanes/courses.py", 16, 17), ("lanes/courses.py", 39, 45))),
    # Letters beyond ASCII keep their case in SQLite; % and _ find everything; all that is found comes at once.
    Fault(("wrong-result",), (("lanes/courses.py", 52, 57),)),
    Fault(("cost",), (("lanes/courses.py", 55, 59),)),
    # It is paid between the look and the delete; or something is booked between the payment and the click.
    Fault(("race",), (("lanes/bookings.py", 81, 85), ("lanes/bills.py", 42, 44))),
    Fault(("wrong-result",), (("lanes/bills.py", 42, 43),)),
    # A place that is paid is no longer the dearest one, so the next has the full price.
    Fault(("wrong-result",), (("lanes/bills.py", 32, 33),)),
    # A query for each booking's course; a file that is read as a whole.
    Fault(("cost",), (("lanes/bills.py", 23, 25), ("lanes/bills.py", 32, 32), ("lanes/bills.py", 55, 56))),
    # A month without a file is a 500.
    Fault(("wrong-result",), (("lanes/bills.py", 54, 58),)),
)
ALL = (*BY_OTHERS, *WRONG, *IN_THE_LONG_RUN)
