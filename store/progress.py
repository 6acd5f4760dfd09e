"""Progress of a grading as it happens, over a Redis stream `<prefix>:progress:<grading id>`.

Each entry has `kind` and `data` (a JSON object). Kinds: `started` {"try", "run"}, `collected` {"tests", "run",
"part"}, `test` {"id", "status", "duration_s", "requirement", "run", "part", "n"}, `requeued` {}, `graded` {}, `error`
{}. The last two end a stream.

A grading may start anew: another worker takes it over (another `run`), or the sandbox is used a second time (another
`part`). `n` counts a part's tests from 1. So whoever reads it in two places can put the same things together.

It is a hint for someone who watches: the database holds the truth. So publishing never fails a grading, and a reader
who finds nothing asks the database, where the same `collected` and `test` are kept by `store.events`.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import redis as redis_py
from redis import Redis

from store.queue import translated
from store.settings import Settings

#: An entry's id that stands before every entry.
BEGINNING = "0-0"
#: More than the entries of the largest hidden suite; older ones are dropped.
MAX_ENTRIES = 1000
#: How long a stream is kept after its last entry.
EXPIRE_S = 3600
#: How long nothing is published after Redis failed once; twice as long after each failure that follows. One that writes
#: to a busy disk stands still for a second or two.
FIRST_SILENCE_S = 2.0
#: Kinds after which no entry comes for this run of the grading.
FINAL_KINDS = frozenset({"graded", "error"})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """One start of a grading. A later one is greater."""

    number: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A test's place: the `number`-th that ended in its run, from 1."""

    run: Run
    number: int


class Numbering:
    """Gives what one claim's grading observes its run, part and number."""

    def __init__(self, run: int) -> None:
        self._run = run
        self._part = -1
        self._tests = 0

    def number(self, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """The data with `run` and `part`, and of a test `n`. Collecting begins every part."""
        if kind == "collected":
            self._part += 1
            self._tests = 0
        numbers = {"run": self._run, "part": max(0, self._part)}
        if kind == "test":
            self._tests += 1
            numbers["n"] = self._tests
        return {**data, **numbers}


def run_of(data: Mapping[str, Any]) -> Run:
    """The run that an entry belongs to."""
    return Run(data.get("run", 0), data.get("part", 0))


def place_of(data: Mapping[str, Any]) -> Place:
    """The place of a `test` entry."""
    return Place(run_of(data), data.get("n", 0))


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """One entry; `id` is Redis' own (`milliseconds-sequence`) and grows."""

    id: str
    kind: str
    data: Mapping[str, Any]


class Progress:
    """Writes and reads streams. Safe to share between threads. Its client must be made with `blocking=True` to read."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = cast(Any, redis)
        self._prefix = settings.queue_prefix

    def of(self, grading_id: str) -> GradingProgress:
        """The writing side for one grading."""
        return GradingProgress(self._redis, self.key(grading_id))

    def read(self, grading_id: str, after_id: str = BEGINNING, *, block_ms: int = 0) -> list[ProgressEvent]:
        """Entries after `after_id`, waiting up to `block_ms` for one (0: not at all). Raises QueueUnavailable."""
        with translated():
            return read_stream(self._redis, self.key(grading_id), after_id, block_ms)

    def key(self, grading_id: str) -> str:
        """The stream's key."""
        return f"{self._prefix}:progress:{grading_id}"


class GradingProgress:
    """Publishes one grading's progress. While Redis fails it is asked ever less often; what was not published meanwhile
    a reader has from the database.
    """

    def __init__(self, redis: Any, key: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds."""
        self._redis = redis
        self._key = key
        self._clock = clock
        self._silent_until = -math.inf
        self._pause_s = FIRST_SILENCE_S

    def publish(self, kind: str, data: Mapping[str, Any]) -> None:
        """Append an entry. Never raises for a Redis that is gone or slow."""
        # The end is always tried: nothing comes after it, and without it a reader waits for the database's word.
        if self._clock() < self._silent_until and kind not in FINAL_KINDS:
            return
        try:
            pipeline = self._redis.pipeline(transaction=False)
            fields = {"kind": kind, "data": json.dumps(data, separators=(",", ":"))}
            pipeline.xadd(self._key, fields, maxlen=MAX_ENTRIES, approximate=True)
            pipeline.expire(self._key, EXPIRE_S)
            pipeline.execute()
        except redis_py.RedisError as error:
            # Trying again with each test would add a timeout to each of them, and take it from the grading's time.
            first = self._pause_s == FIRST_SILENCE_S
            _log.log(
                logging.WARNING if first else logging.DEBUG, "progress of a grading is not shown for now: %s", error
            )
            self._silent_until = self._clock() + self._pause_s
            self._pause_s *= 2
        else:
            self._pause_s = FIRST_SILENCE_S


def read_stream(redis: Any, key: str, after_id: str, block_ms: int) -> list[ProgressEvent]:
    """A stream's entries of this form after that one, waiting up to `block_ms` for one (0: not at all)."""
    answer = redis.xread({key: after_id}, block=block_ms if block_ms > 0 else None)
    streams = answer.values() if isinstance(answer, dict) else [entries for _, entries in answer or []]
    return [_event(entry_id, fields) for entries in streams for entry_id, fields in _flat(entries)]


def _flat(entries: Any) -> list[tuple[bytes, Mapping[bytes, bytes]]]:
    """RESP2 answers a list of entries, RESP3 a list that holds that list."""
    if entries and isinstance(entries[0], list):
        return [entry for part in entries for entry in part]
    return list(entries)


def _event(entry_id: bytes, fields: Mapping[bytes, bytes]) -> ProgressEvent:
    return ProgressEvent(entry_id.decode(), fields[b"kind"].decode(), json.loads(fields[b"data"]))
