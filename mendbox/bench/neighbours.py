"""Those who keep the other slots busy while an honest grading is timed: attackers, or others as honest."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mendbox.bench.subject import FULL_SCORE, Subject, zip_of
from runner.attacks.model import Attack
from runner.attacks.payload import submission_of
from runner.errors import MendboxError
from runner.packages.package import ChallengePackage

#: The name of a neighbour who attacks nobody.
HONEST = "an honest fix"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A submission, as an archive, or None for the fix that is timed, and the most that it may score."""

    name: str
    archive: Path | None
    most: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A neighbour's grading: its score, None where the platform gave no grade."""

    name: str
    score: int | None
    most: int

    @property
    def as_it_should(self) -> bool:
        """Whether there was a grade, and no better one than the submission is worth."""
        return self.score is not None and self.score <= self.most


def honest() -> Sequence[Neighbour]:
    """The fix itself, again and again."""
    return (Neighbour(HONEST, None, FULL_SCORE),)


def attacking(attacks: Sequence[Attack], package: ChallengePackage, folder: Path) -> Sequence[Neighbour]:
    """Attacks laid over the untouched starter, as archives in `folder`: none is worth a point."""
    made: list[Neighbour] = []
    for attack in attacks:
        path = folder / f"{attack.name}.zip"
        path.write_bytes(zip_of(submission_of([attack], package, {}).files))
        made.append(Neighbour(attack.name, path, 0))
    return made


class Neighbourhood:
    """Submits neighbours one after another, in as many slots as wanted; each turn goes on where the last stopped."""

    def __init__(self, neighbours: Sequence[Neighbour], ended: Callable[[Ended], None]) -> None:
        """`ended` is told of each neighbour's grading, from a thread of its own."""
        self._next = itertools.cycle(neighbours)
        self._ended = ended
        self._lock = threading.Lock()
        self._present: list[str] = []
        self._faults: list[MendboxError] = []

    @property
    def present(self) -> tuple[str, ...]:
        """Who is being graded just now."""
        with self._lock:
            return tuple(self._present)

    @contextmanager
    def at_work(self, subject: Subject, count: int) -> Iterator[None]:
        """Keep `count` slots busy until the end, and wait for what is begun. Raises what hindered submitting."""
        enough = threading.Event()
        threads = [threading.Thread(target=self._go_on, args=(subject, enough)) for _ in range(count)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            enough.set()
            for thread in threads:
                thread.join()
        if self._faults:
            raise self._faults[0]

    def _go_on(self, subject: Subject, enough: threading.Event) -> None:
        try:
            while not enough.is_set():
                with self._lock:
                    neighbour = next(self._next)
                    self._present.append(neighbour.name)
                try:
                    grade = subject.grade_beside(neighbour.archive)
                finally:
                    with self._lock:
                        self._present.remove(neighbour.name)
                self._ended(Ended(neighbour.name, grade.score if grade else None, neighbour.most))
        except MendboxError as fault:
            self._faults.append(fault)
