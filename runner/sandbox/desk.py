"""What the relay asks of a challenge's own servers, and what it believes of the answers: no I/O.

A server's container holds none of the candidate's code, but a server that the candidate's commands reach. So its
answers are held to their form like the app's, and what it does not answer in time is the app's doing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runner.inside.frames import Frame
from runner.limits import MIB
from runner.sandbox.answers import check_answer
from runner.services import SERVICES, Service

#: Of the ids by which containers answer: 128 random bits.
ID_BYTES = 16
MOST_ANSWER_BYTES = 4 * MIB
#: Copying a seeded database takes some hundredths of a second, and seconds on a machine under load.
FRESH_S = 15.0
#: What of an operation a server is told.
_TOLD = ("since", "session", "sql", "parameters", "parts", "db", "advance_s")
Tell = Callable[[int, Frame], None]


class NoSuchServer(Exception):
    """A suite asks for a server that its challenge does not bring. `service` is its name."""

    def __init__(self, service: str, noun: str) -> None:
        super().__init__(f"a test asks for the {noun}, and the manifest names no service `{service}`")


@dataclass(slots=True)
class _Asked:
    operation: str
    deadline: float
    then: Callable[[Frame], None]


class Desk:
    """Operations on the way to one server's container and back. What is to be sent lies in `to_send`."""

    def __init__(self, service: Service, clock: Callable[[], float]) -> None:
        self.service = service
        self.to_send: list[Frame] = []
        self._clock = clock
        self._asked: dict[str, _Asked] = {}

    @property
    def stopped(self) -> str:
        """What is said when it does not answer in time."""
        return f"The app's {self.service.noun} stopped answering"

    def ask(self, operation: str, fields: Mapping[str, Any], within_s: float, then: Callable[[Frame], None]) -> None:
        """Send an operation; `then` gets its answer, in the form that `check_answer` gives it, or a fault in time."""
        identity = secrets.token_hex(ID_BYTES)
        self._asked[identity] = _Asked(operation, self._clock() + within_s, then)
        told = {name: fields[name] for name in _TOLD if name in fields}
        self.to_send.append(Frame("op", {**told, "id": identity, "op": operation}))

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


class Desks:
    """A desk for each server of the challenge, by name. `tell` gets the answers to what a grader asked."""

    def __init__(self, services: Sequence[str], clock: Callable[[], float], tell: Tell) -> None:
        self._desks = {name: Desk(SERVICES[name], clock) for name in services}
        self._tell = tell
        self._waiting: set[int] = set()

    def __getitem__(self, name: str) -> Desk:
        return self._desks[name]

    def items(self) -> Iterable[tuple[str, Desk]]:
        """Of each server its name and its desk."""
        return self._desks.items()

    def take(self, grader_id: int, operation: str, fields: Mapping[str, Any], within_s: float) -> bool:
        """Ask a server, where the operation is one's to answer; whether it is. Raises NoSuchServer."""
        for service in SERVICES.values():
            desk = self._desks.get(service.name)
            if desk is None and operation in service.answers:
                raise NoSuchServer(service.name, service.noun)
            if desk is not None and operation in service.answers | service.instead:
                self._waiting.add(grader_id)
                desk.ask(operation, fields, within_s, lambda got: self._answer(grader_id, got))
                return True
        return False

    def keep(self) -> None:
        """The app has started: what it seeded is each test's beginning. Should it fail, so does each `fresh`."""
        for desk in self._desks.values():
            desk.ask("keep", {}, FRESH_S, lambda _: None)

    def follow(self, grader_id: int, operation: str, fields: Mapping[str, Any], answer: Frame) -> None:
        """Tell `answer`, the app's to that operation, once each server has done what follows from it.

        If one can't, its fault is told. After `open`: the app's container has ended every process of the test before,
        so from here on the servers are nobody's.
        """
        if not answer.fields["ok"]:
            self._tell(grader_id, answer)
            return
        left = [
            (desk, desk.service.follows[operation])
            for desk in self._desks.values()
            if operation in desk.service.follows
        ]
        self._follow(grader_id, left, fields, answer)

    def _follow(self, grader_id: int, left: list[tuple[Desk, str]], fields: Mapping[str, Any], answer: Frame) -> None:
        if not left:
            self._answer(grader_id, answer)
            return
        (desk, operation), *rest = left

        def then(got: Frame) -> None:
            if got.fields["ok"] is True:
                self._follow(grader_id, rest, fields, answer)
            else:
                self._answer(grader_id, got)

        self._waiting.add(grader_id)
        desk.ask(operation, fields, FRESH_S, then)

    def _answer(self, grader_id: int, answer: Frame) -> None:
        self._waiting.discard(grader_id)
        self._tell(grader_id, answer)

    def next_deadline(self) -> float:
        """When `overdue` must be looked at, at the latest."""
        return min((desk.next_deadline() for desk in self._desks.values()), default=float("inf"))

    def overdue(self) -> str | None:
        """What is to be said of a server that has been asked and was silent too long; None where there is none."""
        return next((desk.stopped for desk in self._desks.values() if desk.overdue()), None)

    def closed(self) -> set[int]:
        """All are given up; gives who still waited for one."""
        for desk in self._desks.values():
            desk.closed()
        waiting, self._waiting = self._waiting, set()
        return waiting
