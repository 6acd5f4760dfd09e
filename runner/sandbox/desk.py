"""What the relay asks of a challenge's own PostgreSQL, and what it believes of the answers: no I/O.

The server's container holds none of the candidate's code, but a server that the candidate's statements reach. So its
answers are held to their form like the app's, and what it does not answer in time is the app's doing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runner.inside.frames import Frame
from runner.limits import MIB
from runner.sandbox.answers import check_answer

#: Of the ids by which containers answer: 128 random bits.
ID_BYTES = 16
MOST_ANSWER_BYTES = 4 * MIB
#: Copying a seeded database takes some hundredths of a second, and seconds on a machine under load.
FRESH_S = 15.0
STOPPED = "The app's database stopped answering"


@dataclass(slots=True)
class _Asked:
    operation: str
    deadline: float
    then: Callable[[Frame], None]


class DatabaseDesk:
    """Operations on the way to the server's container and back. What is to be sent lies in `to_send`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.to_send: list[Frame] = []
        self._clock = clock
        self._asked: dict[str, _Asked] = {}

    def ask(self, operation: str, fields: dict[str, Any], within_s: float, then: Callable[[Frame], None]) -> None:
        """Send an operation; `then` gets its answer, in the form that `check_answer` gives it, or a fault in time."""
        identity = secrets.token_hex(ID_BYTES)
        self._asked[identity] = _Asked(operation, self._clock() + within_s, then)
        self.to_send.append(Frame("op", {**fields, "id": identity, "op": operation}))

    def answered(self, frame: Frame) -> bool:
        """Take a frame of the server's container; whether it is to be asked on.

        One that fits no question is dropped. The server's answers can't be guessed either, so one is one too many.
        """
        identity = frame.fields.get("id") if frame.type == "answer" else None
        asked = self._asked.pop(identity, None) if isinstance(identity, str) else None
        if asked is None:
            return False
        asked.then(check_answer(asked.operation, frame, MOST_ANSWER_BYTES))
        return True

    def next_deadline(self) -> float:
        """When `overdue` must be looked at, at the latest."""
        return min((asked.deadline for asked in self._asked.values()), default=float("inf"))

    def overdue(self) -> bool:
        """Whether a question has waited too long."""
        return self.next_deadline() <= self._clock()

    def closed(self) -> None:
        """The server's container is gone, or is given up: nobody waits for it any more."""
        self._asked.clear()
        self.to_send.clear()
