"""What a run comes to, from what was noted while it lasted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runner.grading.report import Exchange, Outcome, TestReport, TestStatus

_GRAVEST_FIRST = (Outcome.OUT_OF_MEMORY, Outcome.TIMED_OUT, Outcome.CRASHED)


def gravest(ends: Sequence[tuple[Outcome, str]]) -> tuple[Outcome, str | None]:
    """The gravest of the ends that the app met, with its message; that it completed, when it met none."""
    if not ends:
        return Outcome.COMPLETED, None
    return min(ends, key=lambda end: _GRAVEST_FIRST.index(end[0]))


def all_tests(collected: Mapping[str, str | None], reported: Mapping[str, TestReport]) -> tuple[TestReport, ...]:
    """A report for each test that was collected: those that were not reported did not run."""
    return tuple(
        reported.get(identity)
        or TestReport(identity, TestStatus.NOT_RUN, 0.0, requirement, message="This test did not run")
        for identity, requirement in collected.items()
    )


def exchange(test: str | None, asked: Mapping[str, Any], body: bytes, status: str, answer: bytes) -> Exchange:
    """A request that was answered, as who watches is told of it. `asked` are the operation's fields."""
    environ = asked.get("environ", {})
    method, path, query = (environ.get(name, "") for name in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING"))
    return Exchange(test or "", method, path, query, body, status, answer)
