"""Records what one grading's app was asked and answered, and makes a submission that answers the next one from it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from runner.inside.frames import Frame
from runner.packages.package import ChallengePackage
from runner.sandbox import pair
from runner.sandbox.relay import Relay
from runner.submissions.model import Submission

_REPLAYING = Path(__file__).parent / "replaying.py"


@dataclass
class Exchange:
    """One operation on the app, and its answer once it is there."""

    test: str
    asked: Frame
    answered: Frame | None = None


@dataclass
class Recording:
    """All operations of one grading, in the order in which they were sent."""

    exchanges: list[Exchange] = field(default_factory=list)

    def order(self) -> list[str]:
        """The tests that used the app, in the order in which they ran."""
        return list(dict.fromkeys(exchange.test for exchange in self.exchanges))

    def requests(self, test: str) -> list[dict[str, Any]]:
        """A test's requests with their answers and how many SQL statements they took, where that was asked."""
        found: list[dict[str, Any]] = []
        counted_from = 0
        for exchange in self.exchanges:
            if exchange.test != test or exchange.answered is None:
                continue
            asked, answered = exchange.asked, exchange.answered
            if asked.fields["op"] == "request" and answered.fields.get("ok") is True:
                found.append(
                    {
                        "environ": asked.fields["environ"],
                        "body": base64.b64encode(asked.body).decode(),
                        "status": answered.fields["status"],
                        "headers": answered.fields["headers"],
                        "answer": base64.b64encode(answered.body).decode(),
                        "statements": 0,
                    }
                )
            elif asked.fields["op"] == "statements":
                # Of those seen between two looks the app's own are told from what the test itself had run by `call`.
                own = [text for text in json.loads(answered.body or b"[]") if not text.startswith("SELECT '")]
                if len(found) == counted_from + 1:
                    found[-1]["statements"] = len(own)
                counted_from = len(found)
        return found

    def answers(self, test: str) -> set[tuple[str, ...]]:
        """What a test was told: method, path, query and body of each request, with the answer's status and body."""
        return {
            (
                *(each["environ"][name] for name in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING")),
                *(each[name] for name in ("body", "status", "answer")),
            )
            for each in self.requests(test)
        }


@contextmanager
def recorded() -> Iterator[Recording]:
    """Record the gradings that run meanwhile, by whichever sandbox of ours."""
    recording = Recording()

    class RecordingRelay(Relay):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self._asked: dict[str, Exchange] = {}

        def from_grader(self, frame: Frame) -> None:
            before = len(self.to_app)
            super().from_grader(frame)
            for sent in self.to_app[before:]:
                exchange = Exchange(self._current or "", sent)
                recording.exchanges.append(exchange)
                self._asked[sent.fields["id"]] = exchange

        def from_app(self, frame: Frame) -> None:
            if frame.type == "answer" and frame.fields.get("id") in self._asked:
                self._asked[frame.fields["id"]].answered = frame
            super().from_app(frame)

    with mock.patch.object(pair, "Relay", RecordingRelay):
        yield recording


def replaying(package: ChallengePackage, recording: Recording, *, match: str, fallback: str) -> Submission:
    """The starter with every request answered from the recording; `match` and `fallback` as in `replaying.py`."""
    tests = [recording.requests(test) for test in recording.order()]
    table = base64.b64encode(zlib.compress(json.dumps(tests).encode())).decode()
    module = package.manifest.app.entry.partition(":")[0]
    entry = f"{module}/__init__.py"
    call = f"\n\nfrom {module} import _replaying, _table\n\n_replaying.install(_table.TABLE, {match!r}, {fallback!r})\n"
    return Submission(
        {
            entry: package.starter[entry] + call.encode(),
            f"{module}/_replaying.py": _REPLAYING.read_bytes(),
            f"{module}/_table.py": f"TABLE = {table!r}\n".encode(),
        }
    )
