"""What `mendbox bench --hostile` measured, one line of JSON for each grading, so that a run can be taken up again."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from mendbox.bench.neighbours import Ended
from runner.errors import MendboxError


@dataclass(frozen=True, slots=True)
class Honest:
    """One honest grading: seconds, its score (None: no grade), where its time went, who was graded beside it."""

    arm: str
    wall_s: float
    score: int | None
    phases: Mapping[str, float] = field(default_factory=dict)
    beside: tuple[str, ...] = ()


class Record:
    """Everything measured so far. With a file, what it holds already is part of it and what comes is appended.

    Safe to share between threads. Close it.
    """

    def __init__(self, path: Path | None, about: Mapping[str, Any]) -> None:
        """`about` says what is measured: a file about something else is refused with a MendboxError."""
        self.honest: dict[str, list[Honest]] = defaultdict(list)
        self.neighbours: list[Ended] = []
        self._lock = threading.Lock()
        self._file: TextIO | None = None
        if path is None:
            return
        text = path.read_text() if path.exists() else ""
        rows = list(_rows(text.splitlines()))
        if rows and rows[0] != {"about": dict(about)}:
            raise MendboxError(
                f"{path} holds something else than {json.dumps(dict(about))}",
                hint="name another file, or remove this one",
            )
        for row in rows[1:]:
            self._keep(Honest(**{**row, "beside": tuple(row["beside"])}) if "arm" in row else Ended(**row))
        self._file = path.open("a")
        if not rows:
            self._write({"about": dict(about)})
        elif not text.endswith("\n"):
            self._file.write("\n")

    def add(self, measured: Honest | Ended) -> None:
        """Note it, and write it down."""
        with self._lock:
            self._keep(measured)
            self._write(asdict(measured))

    def _keep(self, measured: Honest | Ended) -> None:
        if isinstance(measured, Honest):
            self.honest[measured.arm].append(measured)
        else:
            self.neighbours.append(measured)

    def _write(self, row: Mapping[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(row) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def _rows(lines: Iterable[str]) -> Iterable[dict[str, Any]]:
    for line in lines:
        # A run that was killed may have left its last line unfinished.
        with contextlib.suppress(ValueError):
            yield json.loads(line)
