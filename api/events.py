"""`/submissions/{id}/events`: how a grading goes, as server-sent events. What is told is decided in `api.narrator`.

Progress comes from a Redis stream while there is one; the database says when a grading has begun and ended, and holds
the same progress where Redis has lost it. A stream holds a server thread, so their number and life are limited, and
each waits at most `LOOK_EVERY_S` before it looks whether the server stops.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request

from api.context import Services, caller, services
from api.narrator import Event, Narrator, resume_point
from api.problems import ApiProblem
from api.routing import EVERYONE, Doc, Policy, Routes
from api.schemas import SubmissionPath, WatchHeaders, as_json
from api.streams import client_is_gone
from api.views import fault_for, grade_for, is_candidate, visible_submission
from store.errors import NotFound
from store.progress import BEGINNING, FINAL_KINDS
from store.queue import QueueUnavailable
from store.records import GradingRecord, TokenRecord
from store.states import FINAL, GradingState

routes = Routes("events", "Submissions")

#: The longest wait for progress: how late a change of the queue's order or the server's stop may be noticed.
LOOK_EVERY_S = 1.0
#: How soon to look again when the queue said that the end has come and the database does not show it yet.
LOOK_SOON_S = 0.02
HEARTBEAT_S = 10.0
#: A stream ends after this time; a client that still watches comes back with `Last-Event-ID`.
LIFE_S = 15 * 60.0
_HEARTBEAT = b": still here\n\n"


@dataclass(slots=True)
class Watch:
    """One watcher's place in one grading's progress."""

    services: Services
    token: TokenRecord
    grading_id: str
    narrator: Narrator
    redis_id: str = BEGINNING
    seq: int = 0
    from_redis: bool = False
    end_announced: bool = False
    connection: socket.socket | None = None
    opened_s: float = field(default_factory=time.monotonic)

    def chunks(self) -> Iterator[bytes]:
        """The stream's bytes, up to the grading's end, the stream's own, or the server's."""
        said_s = time.monotonic()
        yield b"retry: 2000\n\n"
        while True:
            grading = self.services.store.gradings.get(self.grading_id)
            ended = grading.state in FINAL
            events = self._look(grading, 0.0 if ended else self._patience_s(grading))
            if ended:
                events += self._end(grading)
            events += self.narrator.due(time.monotonic())
            for event in events:
                yield event.encode()
            now_s = time.monotonic()
            if ended or now_s - self.opened_s > LIFE_S:
                return
            if self.services.streams.ending or client_is_gone(self.connection):
                return
            if events:
                said_s = now_s
            elif now_s - said_s >= HEARTBEAT_S:
                said_s = now_s
                yield _HEARTBEAT

    def _patience_s(self, grading: GradingRecord) -> float:
        # What the last look brought may already be old, so the first look after a change does not wait.
        return LOOK_SOON_S if self.end_announced else LOOK_EVERY_S

    def _look(self, grading: GradingRecord, patience_s: float) -> list[Event]:
        """Tell what the grading's state and its progress since the last look say; wait for progress if none."""
        events: list[Event] = []
        if grading.state is GradingState.QUEUED:
            position = self.services.store.backlog.position(self.grading_id)
            events += self.narrator.queued(position) if position is not None else []
        elif grading.state is GradingState.RUNNING:
            events += self.narrator.started()
        if events:
            patience_s = 0.0
        for kind, data in self._progress(patience_s):
            events += self._tell(kind, data)
        return events

    def _tell(self, kind: str, data: Mapping[str, Any]) -> list[Event]:
        if kind == "test":
            return self.narrator.test(data, time.monotonic())
        if kind == "started":
            return self.narrator.started()
        self.end_announced = kind in FINAL_KINDS
        return []

    def _progress(self, patience_s: float) -> list[tuple[str, Mapping[str, Any]]]:
        try:
            entries = self.services.progress.read(self.grading_id, self.redis_id, block_ms=int(patience_s * 1000))
        except QueueUnavailable:
            time.sleep(min(patience_s, LOOK_EVERY_S / 2))
            entries = []
        if entries:
            self.from_redis = True
            self.redis_id = entries[-1].id
            return [(entry.kind, entry.data) for entry in entries]
        return [] if self.from_redis else self._stored_progress()

    def _stored_progress(self) -> list[tuple[str, Mapping[str, Any]]]:
        records = self.services.store.events.since(self.grading_id, self.seq)
        if records:
            self.seq = records[-1].seq
        return [(record.kind, record.data) for record in records]

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
    if seen is not None and seen.tests_told is None:
        # EventSource would otherwise come back for ever, and be told the grade each time.
        return Response(status=204)
    leave = services().streams.enter()
    if leave is None:
        raise ApiProblem(
            "too-many-streams",
            f"{services().streams.limit} event streams are open, which is all there may be",
            hint="try again later, or ask GET /api/v1/submissions/{id} now and then",
        )
    narrator = Narrator(
        grading.attempt,
        for_candidate=is_candidate(caller()),
        tests_to_skip=(seen.tests_told or 0) if seen is not None else 0,
    )
    # gunicorn's own: a client that left would hold a place until the next heartbeat.
    connection = request.environ.get("gunicorn.socket")
    watch = Watch(services(), caller(), grading.id, narrator, connection=connection)
    response = Response(watch.chunks(), content_type="text/event-stream")
    # Called also when the client went away before the first byte, which the iterator would not notice.
    response.call_on_close(leave)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response
