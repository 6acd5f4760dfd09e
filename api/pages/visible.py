"""`/work/<slug>/visible-tests`: the editor runs a challenge's visible tests on the draft, and shows what they print.

A run is no attempt and gives no grade. What it says comes from Redis, as server-sent events:

    event: started   {}
    event: output    {"text"}
    event: ended     {"end", "good", "words"}; the stream ends

A browser that comes back sends `Last-Event-ID` and misses nothing.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Response, request

from api.challenges import visible_challenge
from api.context import Caller, Services, caller, services
from api.events import enter
from api.invitations import check_time_left
from api.narrator import Event
from api.pages.drafted import graded_of_draft
from api.pages.routing import PageRoutes
from api.problems import ApiProblem
from api.quotas import HOUR_S, Rule
from api.routing import CANDIDATES, ONLY_LINKS, Policy
from api.streams import client_is_gone
from api.variants import variant_for
from runner.errors import PlatformFault
from runner.visible_run import VisibleEnd
from store.errors import NotFound
from store.progress import BEGINNING, ProgressEvent
from store.queue import QueueUnavailable
from store.records import Deed, owner_of
from store.visible_runs import RunGoesOn, VisibleRun

routes = PageRoutes("visible")
_log = structlog.get_logger("mendbox.api")
_RUN_ID = re.compile(r"[0-9a-f]{24}")
_ENTRY_ID = re.compile(r"[0-9]{1,15}-[0-9]{1,10}")
#: How late the server's own stop may be noticed, seconds.
LOOK_EVERY_S = 0.5
#: How often something is said, and the link looked at again.
_HEARTBEAT_S = 10.0
#: More than a run can wait and go.
_LIFE_S = 15 * 60.0
_FAULT = "They could not be run just now, which is no fault of yours. Try again."
WORDS = {
    VisibleEnd.PASSED: "All visible tests pass.",
    VisibleEnd.FAILED: "Some visible tests fail.",
    VisibleEnd.NO_TESTS: "pytest found no tests.",
    VisibleEnd.ERROR: "pytest could not run them to its end; the last lines say why.",
    VisibleEnd.TIMED_OUT: "Ended, as time was up.",
    VisibleEnd.OUT_OF_MEMORY: "Ended, as memory was used up.",
    VisibleEnd.CRASHED: "Ended before pytest was done.",
    VisibleEnd.STOPPED: "Stopped.",
}


@routes.post(
    "/work/<string:slug>/visible-tests", Policy(CANDIDATES, deeds=("visible-tests.run",), credentials=ONLY_LINKS)
)
def run_visible_tests(slug: str) -> tuple[dict[str, Any], int]:
    """Run them on the draft as it is kept. Answers with the run's `id`.

    Problems: `time-is-up`; `submission-rejected` where the draft could not be sent either; `conflict`, with the `run`,
    while another of the candidate's goes on; `too-many-requests`.
    """
    challenge = visible_challenge(slug)
    check_time_left()
    package, found, me = variant_for(challenge, None).package, services(), caller()
    graded_of_draft(package, found.store.drafts.of(me.id, slug), found.limits)
    owner = owner_of(me.id, me.candidate)
    rules = [Rule("runs of the visible tests", found.settings.visible_runs_per_hour, HOUR_S)]
    found.quotas.take(rules, owner)
    try:
        run = found.visible.begin(owner, me.id, slug, package.variant)
    except RunGoesOn as other:
        found.quotas.give_back(rules, owner)
        running = found.visible.find(other.run_id)
        if running is not None and (running.token_id, running.challenge) != (me.id, slug):
            raise ApiProblem(
                "conflict", "visible tests of another challenge of yours are being run", hint="stop them first"
            ) from other
        raise ApiProblem(
            "conflict", "your visible tests are being run already", hint="stop them first", run=other.run_id
        ) from other
    try:
        found.store.audit.record(Deed(me.id, "visible-tests.run", "challenge", slug, {"run": run.id}))
        found.queue.enqueue_visible(run.id)
    except PlatformFault:
        found.visible.forget(run)
        found.quotas.give_back(rules, owner)
        raise
    return {"id": run.id}, 202


@routes.post(
    "/work/<string:slug>/visible-tests/<string:id>/stop",
    Policy(CANDIDATES, deeds=("visible-tests.stop",), credentials=ONLY_LINKS),
)
def stop_visible_tests(slug: str, id: str) -> Response:  # noqa: A002 -- the rule's name
    """End a run early. One that has ended stays as it is."""
    run = _own(slug, id)
    services().visible.stop(run)
    services().store.audit.record(Deed(caller().id, "visible-tests.stop", "challenge", slug, {"run": run.id}))
    return Response(status=204)


@routes.get(
    "/work/<string:slug>/visible-tests/<string:id>/events",
    Policy(CANDIDATES, credentials=ONLY_LINKS, watches=True),
)
def watch_visible_tests(slug: str, id: str) -> Response:  # noqa: A002 -- the rule's name
    """Follow a run to its end. Problems: `too-many-streams`."""
    run = _own(slug, id)
    seen = request.headers.get("Last-Event-ID", "")
    watch = _Watch(services(), caller(), run, seen if _ENTRY_ID.fullmatch(seen) else BEGINNING)
    if run.is_over and not services().visible.read(run.id, watch.seen):
        # A browser would otherwise come back for ever.
        return Response(status=204)
    leave = enter(services().streams, caller())
    watch.connection = request.environ.get("gunicorn.socket")
    response = Response(watch.chunks(), content_type="text/event-stream")
    response.call_on_close(leave)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _own(slug: str, run_id: str) -> VisibleRun:
    run = services().visible.find(run_id) if _RUN_ID.fullmatch(run_id) else None
    # Nobody can tell another's from none.
    if run is None or (run.token_id, run.challenge) != (caller().id, slug):
        raise NotFound("run of visible tests", run_id[:24])
    return run


@dataclass(slots=True)
class _Watch:
    """One watcher's place in one run."""

    services: Services
    token: Caller
    run: VisibleRun
    seen: str
    connection: socket.socket | None = None
    opened_s: float = field(default_factory=time.monotonic)

    def chunks(self) -> Iterator[bytes]:
        """The stream's bytes, up to the run's end, the stream's own, or the server's."""
        said_s = time.monotonic()
        yield b"retry: 1000\n\n"
        while time.monotonic() - self.opened_s < _LIFE_S:
            try:
                events = self._look()
            except QueueUnavailable as fault:
                _log.warning("a watcher of visible tests waits for Redis", reason=fault.message)
                time.sleep(LOOK_EVERY_S)
                events = []
            for event in events:
                yield event.encode()
            if events and events[-1].name == "ended":
                return
            if self.services.streams.ending or client_is_gone(self.connection):
                return
            now_s = time.monotonic()
            if events:
                said_s = now_s
            elif now_s - said_s >= _HEARTBEAT_S:
                if not self.services.store.tokens.get(self.token.id).usable_at(datetime.now(UTC)):
                    return
                said_s = now_s
                yield b": still here\n\n"

    def _look(self) -> list[Event]:
        """What is to be told now, after a wait for it."""
        runs = self.services.visible
        entries = runs.read(self.run.id, self.seen, block_ms=int(LOOK_EVERY_S * 1000))
        if entries:
            self.seen = entries[-1].id
            return [_event(entry) for entry in entries]
        if runs.find(self.run.id) is None and not runs.read(self.run.id, self.seen):
            return [_ended({"end": "lost"}, None)]
        return []


def _event(entry: ProgressEvent) -> Event:
    return _ended(entry.data, entry.id) if entry.kind == "ended" else Event(entry.kind, entry.data, entry.id)


def _ended(data: Any, entry_id: str | None) -> Event:
    end = str(data.get("end"))
    words = WORDS[VisibleEnd(end)] if end in set(VisibleEnd) else _FAULT
    told = " ".join(filter(None, [words, str(data.get("detail", ""))]))
    return Event("ended", {"end": end, "good": end == VisibleEnd.PASSED, "words": told}, entry_id)
