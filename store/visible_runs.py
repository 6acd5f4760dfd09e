"""Runs of candidates' visible tests, over Redis alone: of them a deed is kept, and for an hour their output.

    <prefix>:visible:run:<id>       hash {token, challenge, variant?, state, stop?}; gone once nobody cares for it
    <prefix>:visible:of:<digest>    the id of somebody's last run, by a digest of who they are
    <prefix>:visible:said:<id>      a stream of entries with `kind` and `data` (a JSON object)

Kinds: `started` {}, `output` {"text"}, `ended` {"end", "detail"}, the last of which ends the stream. A run that waits,
or goes, lives as long as somebody cares for it: the queue for `WAITS_S`, a worker for `LIVES_S` after its last pulse.
One whose hash is gone without an `ended` was lost, with its queue or its worker; whoever wants it begins another.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from redis import Redis, WatchError

from runner.visible_run import VisibleEnd, VisibleReport
from store.progress import BEGINNING, ProgressEvent, read_stream
from store.queue import QueueUnavailable, translated
from store.settings import Settings
from store.text import dump_json

#: How long a run may wait for a worker: longer than anybody looks at a panel in which nothing happens.
WAITS_S = 300
#: How long a run is taken for alive while its container starts, as on a machine under load.
STARTS_S = 90
#: How long without a pulse of its worker's. Those come every second or so, and none while the container is removed.
LIVES_S = 20
#: How long an ended run can be read, as by a browser that lost its connection.
KEPT_S = 3600
#: More than a run's bounded output is cut into.
MOST_ENTRIES = 4000
_QUEUED, _RUNNING, _ENDED = b"queued", b"running", b"ended"
_GOES_ON = frozenset({_QUEUED, _RUNNING})
_ID_BYTES = 12
_TRIES = 10


class RunGoesOn(Exception):
    """Whoever wants a run has one that waits or goes: `run_id`."""

    def __init__(self, run_id: str) -> None:
        super().__init__(run_id)
        self.run_id = run_id


@dataclass(frozen=True, slots=True)
class VisibleRun:
    """One run: whose draft of which challenge, as which variant of it, and how far it is."""

    id: str
    token_id: str
    challenge: str
    variant: str | None
    is_over: bool = False


class VisibleRuns:
    """Writes and reads runs. Safe to share between threads. Every call raises QueueUnavailable where Redis is gone."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = cast(Any, redis)
        self._prefix = f"{settings.queue_prefix}:visible"

    # -- whoever wants a run -------------------------------------------------------------------------------------

    def begin(self, owner: str, token_id: str, challenge: str, variant: str | None) -> VisibleRun:
        """A new run that waits. Raises RunGoesOn where the owner has one already."""
        run = VisibleRun(secrets.token_hex(_ID_BYTES), token_id, challenge, variant)
        fields: dict[str, Any] = {"token": token_id, "challenge": challenge, "state": _QUEUED}
        if variant is not None:
            fields["variant"] = variant
        last = f"{self._prefix}:of:{hashlib.sha256(owner.encode()).hexdigest()}"
        with translated():
            for _ in range(_TRIES):
                with self._redis.pipeline() as pipeline:
                    try:
                        pipeline.watch(last)
                        before = pipeline.get(last)
                        if before is not None and pipeline.hget(self._run(before.decode()), "state") in _GOES_ON:
                            raise RunGoesOn(before.decode())
                        pipeline.multi()
                        pipeline.hset(self._run(run.id), mapping=fields)
                        pipeline.expire(self._run(run.id), WAITS_S)
                        pipeline.set(last, run.id, ex=KEPT_S)
                        pipeline.execute()
                    except WatchError:
                        continue
                    return run
        raise QueueUnavailable("too many asked for the same at once")

    def find(self, run_id: str) -> VisibleRun | None:
        """The run; None for one that there is not, or not any more."""
        with translated():
            found = self._redis.hgetall(self._run(run_id))
        if b"token" not in found:
            return None
        variant = found.get(b"variant")
        return VisibleRun(
            run_id,
            found[b"token"].decode(),
            found[b"challenge"].decode(),
            variant.decode() if variant is not None else None,
            found.get(b"state") == _ENDED,
        )

    def stop(self, run: VisibleRun) -> None:
        """Have the run end early: at once where it waits, else as soon as its worker looks."""
        key = self._run(run.id)
        with translated():
            for _ in range(_TRIES):
                with self._redis.pipeline() as pipeline:
                    try:
                        pipeline.watch(key)
                        state = pipeline.hget(key, "state")
                        pipeline.multi()
                        if state == _QUEUED:
                            self._end(pipeline, run.id, {"end": VisibleEnd.STOPPED.value, "detail": ""})
                        elif state == _RUNNING:
                            pipeline.hset(key, "stop", "1")
                        pipeline.execute()
                    except WatchError:
                        # It has just begun, given a pulse, or ended.
                        continue
                    return
        raise QueueUnavailable("too many asked for the same at once")

    def forget(self, run: VisibleRun) -> None:
        """Nobody will run it."""
        with translated():
            self._redis.delete(self._run(run.id))

    def read(self, run_id: str, after_id: str = BEGINNING, *, block_ms: int = 0) -> list[ProgressEvent]:
        """What it said after that entry, waiting up to `block_ms` for something (0: not at all)."""
        with translated():
            return read_stream(self._redis, self._said(run_id), after_id, block_ms)

    # -- a worker ------------------------------------------------------------------------------------------------

    def take(self, run_id: str) -> VisibleRun | None:
        """The run, which goes from now on; None where nobody wants it any more, or it was taken before."""
        key = self._run(run_id)
        with translated(), self._redis.pipeline() as pipeline:
            try:
                pipeline.watch(key)
                if pipeline.hget(key, "state") != _QUEUED:
                    return None
                pipeline.multi()
                pipeline.hset(key, "state", _RUNNING)
                pipeline.expire(key, STARTS_S)
                self._say(pipeline, run_id, "started", {})
                pipeline.execute()
            except WatchError:
                return None
        return self.find(run_id)

    def goes_on(self, run_id: str) -> bool:
        """Say that the worker lives; whether the run is to go on."""
        key = self._run(run_id)
        with translated(), self._redis.pipeline(transaction=False) as pipeline:
            pipeline.hmget(key, "state", "stop")
            pipeline.expire(key, LIVES_S)
            (state, stop), _ = pipeline.execute()
        return state == _RUNNING and stop is None

    def print(self, run_id: str, text: str) -> None:
        """Add to what it said."""
        with translated(), self._redis.pipeline(transaction=False) as pipeline:
            self._say(pipeline, run_id, "output", {"text": text})
            pipeline.execute()

    def end(self, run_id: str, report: VisibleReport) -> None:
        """It ended so."""
        self._ended(run_id, {"end": report.end.value, "detail": report.detail})

    def fail(self, run_id: str) -> None:
        """The platform could not run it."""
        self._ended(run_id, {"end": "fault", "detail": ""})

    def _ended(self, run_id: str, data: Mapping[str, Any]) -> None:
        with translated(), self._redis.pipeline() as pipeline:
            self._end(pipeline, run_id, data)
            pipeline.execute()

    def _end(self, pipeline: Any, run_id: str, data: Mapping[str, Any]) -> None:
        pipeline.hset(self._run(run_id), "state", _ENDED)
        pipeline.expire(self._run(run_id), KEPT_S)
        self._say(pipeline, run_id, "ended", data)

    def _say(self, pipeline: Any, run_id: str, kind: str, data: Mapping[str, Any]) -> None:
        fields = {"kind": kind, "data": dump_json(data)}
        pipeline.xadd(self._said(run_id), fields, maxlen=MOST_ENTRIES, approximate=True)
        pipeline.expire(self._said(run_id), KEPT_S)

    def _run(self, run_id: str) -> str:
        return f"{self._prefix}:run:{run_id}"

    def _said(self, run_id: str) -> str:
        return f"{self._prefix}:said:{run_id}"
