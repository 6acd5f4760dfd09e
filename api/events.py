"""`/submissions/{id}/events`: how a grading goes, as server-sent events. What is told is decided in `api.narrator`.

Progress comes from a Redis stream; the database says when a grading has begun and ended, and holds the same progress,
some seconds later, for what Redis has lost: it is asked whenever Redis has nothing new, and at the end. A stream holds
a server thread, so their number and life are limited, and each waits at most `LOOK_EVERY_S` before it looks whether the
server stops or the token has ended.
"""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Response, request

from api.context import Caller, Services, caller, services, still_calls
from api.invitations import own_sight
from api.narrator import GRID_S, Event, Narrator, resume_point
from api.problems import ApiProblem
from api.routing import EVERYONE, Doc, Policy, Routes
from api.schemas import SubmissionPath, WatchHeaders, as_json
from api.streams import EventStreams, client_is_gone
from api.views import fault_for, grade_for, is_candidate, visible_submission
from runner.assessments.model import CandidatesSee
from store.errors import NotFound, StoreUnavailable
from store.progress import BEGINNING, FINAL_KINDS, Place, Run, place_of, run_of
from store.queue import QueueUnavailable
from store.records import EventRecord, GradingRecord
from store.states import FINAL, GradingState

routes = Routes("events", "Submissions")
_log = structlog.get_logger("mendbox.api")

#: The longest wait for progress: how late a change of the queue's order or the server's stop may be noticed. Looks are
#: made on the grid on which candidates are told of tests.
LOOK_EVERY_S = GRID_S
#: How soon to look again when the queue said that the end has come and the database does not show it yet.
LOOK_SOON_S = 0.02
HEARTBEAT_S = 10.0
#: A stream ends after this time; a client that still watches comes back with `Last-Event-ID`.
LIFE_S = 15 * 60.0
_PLACED = frozenset({"started", "collected", "test"})
_NOWHERE = Place(Run(0), 0)
_HEARTBEAT = b": still here\n\n"


@dataclass(slots=True)
class Watch:
    """One watcher's place in one grading's progress."""

    services: Services
    token: Caller
    grading_id: str
    narrator: Narrator
    redis_id: str = BEGINNING
    seq: int = 0
    old_run: Place = _NOWHERE
    end_announced: bool = False
    untold: list[Event] = field(default_factory=list)
    connection: socket.socket | None = None
    life_s: float = LIFE_S
    opened_s: float = field(default_factory=time.monotonic)

    def chunks(self) -> Iterator[bytes]:
        """The stream's bytes, up to the grading's end, the stream's own, or the server's."""
        said_s = time.monotonic()
        yield b"retry: 2000\n\n"
        for events in self.rounds():
            for event in events:
                yield event.encode()
            now_s = time.monotonic()
            if events:
                said_s = now_s
            elif now_s - said_s >= HEARTBEAT_S:
                said_s = now_s
                yield _HEARTBEAT

    def rounds(self) -> Iterator[list[Event]]:
        """What is to be told after each look, which may be nothing; the last is the grading's end, or there is none."""
        while True:
            try:
                over = self._look()
            except StoreUnavailable as fault:
                # A database that restarts is no reason to send the watcher away.
                _log.warning("a watcher waits for the database", reason=fault.message)
                time.sleep(LOOK_EVERY_S)
                over = False
            events, self.untold = self.untold, []
            yield events
            if over or time.monotonic() - self.opened_s > self.life_s:
                return
            if self.services.streams.ending or client_is_gone(self.connection):
                return

    def _look(self) -> bool:
        """Put what is to be told now, after a wait for it, into `untold`; whether that is the end."""
        store = self.services.store
        if not still_calls(self.services, self.token):
            return True
        grading = store.gradings.get(self.grading_id)
        ended = grading.state in FINAL
        if grading.state is GradingState.QUEUED and (position := store.backlog.position(self.grading_id)) is not None:
            self.untold += self.narrator.queued(position)
        published = self._published(0.0 if ended or self.untold else self._patience_s())
        self._tell(published)
        if ended or not published:
            self._tell(self._stored())
        if ended:
            self.untold += self._end(grading)
        else:
            self.untold += self.narrator.due(time.time())
        return ended

    def _patience_s(self) -> float:
        # The database shows the end a moment after the queue has told of it.
        return LOOK_SOON_S if self.end_announced else LOOK_EVERY_S - time.time() % LOOK_EVERY_S

    def _tell(self, progress: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        for kind, data in progress:
            if kind == "test":
                self.untold += self.narrator.test(place_of(data), data, time.time())
            elif kind in ("started", "collected"):
                self.untold += self.narrator.began(run_of(data))
            else:
                self.end_announced = kind in FINAL_KINDS

    def _published(self, patience_s: float) -> list[tuple[str, Mapping[str, Any]]]:
        """What Redis has that is new."""
        try:
            entries = self.services.progress.read(self.grading_id, self.redis_id, block_ms=math.ceil(patience_s * 1000))
        except QueueUnavailable:
            time.sleep(min(patience_s, LOOK_EVERY_S / 2))
            return []
        if entries:
            self.redis_id = entries[-1].id
        # A worker of an older version gives no places; what it tells comes from the database.
        placed = [entry for entry in entries if entry.kind not in _PLACED or "run" in entry.data]
        return [(entry.kind, entry.data) for entry in placed]

    def _stored(self) -> list[tuple[str, Mapping[str, Any]]]:
        """What the database has that is new; a claim's own event is the start of its run."""
        progress: list[tuple[str, Mapping[str, Any]]] = []
        while records := self.services.store.events.since(self.grading_id, self.seq):
            self.seq = records[-1].seq
            for record in records:
                if record.kind != "state":
                    progress.append((record.kind, self._placed(record)))
                elif record.data.get("state") == GradingState.RUNNING:
                    self.old_run = Place(Run(record.seq), 0)
                    progress.append(("started", {"run": record.seq}))
        return progress

    def _placed(self, record: EventRecord) -> Mapping[str, Any]:
        """The event's data, with the place that was not stored before revision r0002."""
        if "run" in record.data:
            return record.data
        run, number = self.old_run.run, self.old_run.number + (record.kind == "test")
        self.old_run = Place(run, number)
        return {**record.data, "run": run.number, "part": run.part, "n": number}

    def _end(self, grading: GradingRecord) -> list[Event]:
        if grading.state is GradingState.ERROR:
            return self.narrator.error(fault_for(self.token, grading))
        grade = grade_for(self.services, self.token, grading)
        if grade is None:
            raise NotFound("grade of grading", grading.id)
        return self.narrator.grade(as_json(grade))


_STREAM: dict[str, Any] = {
    "description": "Events `queued`, `started`, `test`, then `grade` or `error`; then the stream ends",
    # OpenAPI 3.1 has the schema describe one event of the stream.
    "content": {
        "text/event-stream": {
            "schema": {
                "type": "object",
                "properties": {
                    "event": {"type": "string", "enum": ["queued", "started", "test", "grade", "error"]},
                    "data": {"type": "string", "description": "JSON"},
                    "id": {"type": "string"},
                },
                "required": ["event", "data"],
            }
        }
    },
}


@routes.get(
    "/submissions/<string:id>/events",
    Policy(EVERYONE),
    Doc(
        {200: _STREAM, 204: {"description": "The client has seen the end of this already"}},
        ("not-found", "too-many-streams"),
    ),
)
def get_events(path: SubmissionPath, header: WatchHeaders) -> Response:
    """Watch a submission's latest grading. A client that comes back sends `Last-Event-ID` and misses nothing."""
    submission = visible_submission(services(), caller(), path.id)
    grading = services().store.gradings.latest(submission.id)
    seen = resume_point(header.last_event_id)
    if seen is not None and seen.attempt != grading.attempt:
        seen = None
    if seen is not None and seen.seen is None:
        # EventSource would otherwise come back for ever, and be told the grade each time.
        return Response(status=204)
    leave = enter(services().streams, caller())
    narrator = narrator_of(grading, seen.seen if seen is not None else None)
    # gunicorn's own: a client that left would hold a place until the next heartbeat.
    connection = request.environ.get("gunicorn.socket")
    watch = Watch(services(), caller(), grading.id, narrator, connection=connection)
    response = Response(watch.chunks(), content_type="text/event-stream")
    # Called also when the client went away before the first byte, which the iterator would not notice.
    response.call_on_close(leave)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def narrator_of(grading: GradingRecord, seen: Place | None = None) -> Narrator:
    """Who tells the caller how it is graded. Single tests say what is met: not every candidate sees that."""
    if not is_candidate(caller()):
        return Narrator(grading.attempt, for_candidate=False, seen=seen)
    return Narrator(grading.attempt, for_candidate=True, tells_tests=own_sight() is CandidatesSee.REQUIREMENTS)


def enter(streams: EventStreams, token: Caller) -> Callable[[], None]:
    """Take a place among the streams. Raises ApiProblem when there is none."""
    most = streams.limit_of_one if is_candidate(token) else streams.limit
    leave = streams.enter(token.id, most)
    if leave is not None:
        return leave
    every = f"{streams.limit} event streams are open, which is all there may be"
    own = f"{most} event streams are open for this token, which is all it may have"
    raise ApiProblem(
        "too-many-streams",
        every if streams.open >= streams.limit else own,
        hint="close one, try again later, or ask GET /api/v1/submissions/{id} now and then",
    )
