"""Of what hidden tests asked and the app answered, as much as shows an assessor what came of it. Pure, and bounded.

Kept is each test's last request that was answered: what the test says of the app is said of that answer, as a rule. It
is for assessors alone, since a hidden test's request tells what is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from runner.grading.report import Exchange

#: Characters of a body that are kept, and of a path with its query.
MOST_OF_BODY = 2000
MOST_OF_PATH = 500
#: Tests of one run of which something is kept: the first that asked.
MOST_TESTS = 200


class KeptExchange(BaseModel):
    """A request and its answer, cut to what people read. `status`: as `404 NOT FOUND`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    method: str
    path: str
    body: str
    status: str
    answer: str


class LastExchanges:
    """Watches a run (`Work.watch`)."""

    def __init__(self) -> None:
        self._last: dict[str, KeptExchange] = {}

    def note(self, exchange: Exchange) -> None:
        """A request was answered."""
        if exchange.test and (exchange.test in self._last or len(self._last) < MOST_TESTS):
            # At once: whole answers of all tests would be hundreds of megabytes.
            self._last[exchange.test] = kept(exchange)

    def by_test(self) -> dict[str, KeptExchange]:
        """The last of each test."""
        return dict(self._last)


def kept(exchange: Exchange) -> KeptExchange:
    """What is kept of it."""
    asked = f"{exchange.path}?{exchange.query}" if exchange.query else exchange.path
    return KeptExchange(
        method=_cut(exchange.method, 20),
        path=_cut(asked, MOST_OF_PATH),
        body=_text(exchange.body),
        status=_cut(exchange.status, 100),
        answer=_text(exchange.answer),
    )


def telling(
    tests: Iterable[str], passed: Callable[[str], bool], before: Mapping[str, Any], after: Mapping[str, Any]
) -> str | None:
    """The test whose exchange shows most of a requirement, of those in `tests`; None where there is none.

    One that did not pass comes first, and one of which both sides are known: it is what a reader asks about.
    """
    known = [test for test in tests if test in before or test in after]
    return min(known, key=lambda test: (passed(test), not (test in before and test in after)), default=None)


def _text(data: bytes) -> str:
    # No character takes more than four bytes.
    return _cut(data[: 4 * (MOST_OF_BODY + 1)].decode("utf-8", "replace"), MOST_OF_BODY)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"
