"""What the fixtures of a hidden suite ask of a running app, whoever runs it.

Two things answer: the relay to the app container (`grader_backend`) and, for the plain one-process run of the same
suite, `inprocess`. Fixtures speak to this protocol alone, so a hidden suite cannot tell which it got.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """One WSGI request: the environ's string values, and the whole body."""

    environ: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """One WSGI answer: a status line ("404 NOT FOUND"), headers in order, the whole body."""

    status: str
    headers: Sequence[tuple[str, str]]
    body: bytes


class AppFault(Exception):
    """The app under test ended an operation without an answer. Its text is fit for candidates.

    `kind` is one of `died`, `timed_out`, `rubbish`, `not_started`, `too_large`.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


class CallFailed(Exception):
    """A function reached by `app.call` raised, does not exist, or returned something JSON can't say."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(f"{error_type}: {message}")
        self.error_type = error_type
        self.message = message


class Backend(Protocol):
    """Operations on the processes of one test's app. `handle` names a process; 0 is the first."""

    def open(self) -> int:
        """Start the test's app from its pristine state and give its handle."""

    def instance(self) -> int:
        """Start one more process of the same app beside it, over the same data directory."""

    def request(self, handle: int, request: Request) -> Answer:
        """Send a request and wait for the answer. Raises AppFault."""

    def call(self, handle: int, target: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call `module:function` in the app. Raises AppFault, CallFailed."""

    def clock(self, *, advance_s: float, freeze: bool, at: float | None) -> float:
        """Move or freeze every clock of every process of this test's app; gives the app's new time (epoch, s)."""

    def statements(self, handle: int, since: int) -> tuple[int, list[str]]:
        """SQL statements run since mark `since`, and the new mark."""

    def database(self, session: int, sql: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
        """Run SQL as administrator in the test's database; gives rows by column. Raises AppFault, CallFailed."""

    def redis(self, parts: Sequence[str], db: int) -> Any:
        """Run a command as administrator in the test's Redis; gives its answer. Raises AppFault, CallFailed."""

    def logs(self, handle: int) -> str:
        """What the app wrote to standard output and error so far in this test, capped."""

    def close(self) -> None:
        """End the test's app and everything it started."""
