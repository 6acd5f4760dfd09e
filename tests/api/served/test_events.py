"""Server-sent events, through a real server and a real Redis."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from api.narrator import GRID_S
from api.streams import EventStreams, client_is_gone
from store.errors import StoreUnavailable
from store.queue import QueueUnavailable
from store.records import AuditFilter, Claim, NewToken, Role, SubmissionRecord
from tests.api.conftest import Platform
from tests.api.sample import ASSESSORS_ONLY, grade_of, progress_of
from tests.api.served.live import WAIT_S, ImpatientWorker, Server

Told = tuple[str, dict[str, Any], str | None]


class Stream:
    """One open stream, read event by event."""

    def __init__(self, platform: Platform, server: Server, path: str, role: Role, last_id: str | None = None) -> None:
        sent = platform.headers(role) | ({"Last-Event-ID": last_id} if last_id else {})
        self.answer = requests.get(server.url + path, headers=sent, stream=True, timeout=WAIT_S)
        self._lines = self.answer.iter_lines(chunk_size=1, decode_unicode=True)

    def events(self) -> Iterator[Told]:
        """Each event as it comes, to the stream's end."""
        name, data, event_id = "", {}, None
        for line in self._lines:
            key, _, value = line.partition(": ")
            if key == "event":
                name = value
            elif key == "data":
                data = json.loads(value)
            elif key == "id":
                event_id = value
            elif not line and name:
                yield name, data, event_id
                name, data, event_id = "", {}, None

    def until(self, name: str) -> list[Told]:
        """Events up to and with the next of this name."""
        seen = []
        for event in self.events():
            seen.append(event)
            if event[0] == name:
                return seen
        pytest.fail(f"the stream ended without {name}: {seen}")

    def close(self) -> None:
        self.answer.close()


def _path(submission: SubmissionRecord) -> str:
    return f"/api/v1/submissions/{submission.id}/events"


def _watch(platform: Platform, server: Server, role: Role, last_id: str | None = None) -> tuple[Any, ...]:
    submission, grading = platform.add()
    return submission, grading, Stream(platform, server, _path(submission), role, last_id)


def _tell_test(platform: Platform, claim: Claim, status: str = "passed", number: int = 1) -> dict[str, object]:
    """A worker's news of a test, in Redis; the news without its place."""
    place = {"run": claim.run, "part": 0, "n": number}
    platform.progress.of(claim.grading_id).publish("test", {**progress_of(status, number), **place})
    return progress_of(status, number)


def _finish(platform: Platform, claim: Claim) -> None:
    assert platform.store.claims.record_grade(claim, grade_of(claim))
    platform.progress.of(claim.grading_id).publish("graded", {})


def test_a_watcher_is_told_place_start_tests_and_grade_and_then_the_stream_ends(
    platform: Platform, server: Server
) -> None:
    _, first = platform.add()
    _, grading, stream = _watch(platform, server, Role.RECRUITER)
    assert stream.until("queued")[-1][1] == {"position": 2}
    other = platform.claim(first)
    assert stream.until("queued")[-1][1] == {"position": 1}
    platform.store.claims.record_grade(other, grade_of(other))

    claim = platform.claim(grading)
    progress = platform.progress.of(grading.id)
    progress.publish("started", {"try": 1, "run": claim.run})
    progress.publish("collected", {"tests": 2, "run": claim.run, "part": 0})
    shown = _tell_test(platform, claim)
    told = stream.until("test")
    _tell_test(platform, claim, "failed", number=2)
    _finish(platform, claim)
    told += stream.events()

    assert [name for name, _, _ in told] == ["started", "test", "test", "grade"]
    assert told[1][1] == shown
    assert told[-1][1]["tests"][0]["id"].startswith(f"test_{ASSESSORS_ONLY}")
    assert stream.answer.headers["Content-Type"] == "text/event-stream"
    assert stream.answer.headers["Cache-Control"] == "no-store"


def test_a_candidate_is_told_no_name_no_duration_and_a_redacted_grade(platform: Platform, server: Server) -> None:
    _, grading, stream = _watch(platform, server, Role.CANDIDATE)
    claim = platform.claim(grading)
    for number in (1, 2, 3):
        _tell_test(platform, claim, number=number)
    _finish(platform, claim)

    told = list(stream.events())

    tests = [data for name, data, _ in told if name == "test"]
    assert tests == [{"requirement": "R1", "status": "passed"}] * 3
    assert told[-1][0] == "grade"
    assert "tests" not in told[-1][1]
    assert ASSESSORS_ONLY not in str(told)
    assert "duration" not in str(told)


def test_a_candidates_tests_come_while_the_grading_runs(platform: Platform, server: Server) -> None:
    _, grading, stream = _watch(platform, server, Role.CANDIDATE)
    claim = platform.claim(grading)
    _tell_test(platform, claim)

    assert stream.until("test")[-1][2] is None
    assert GRID_S < WAIT_S
    stream.close()


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.ENGINEER])
def test_a_graded_submission_answers_with_its_grade_and_ends(platform: Platform, server: Server, role: Role) -> None:
    stream = Stream(platform, server, _path(platform.graded()), role)

    assert [name for name, _, _ in stream.events()] == ["queued", "started", "grade"]


def test_a_grade_read_from_a_stream_is_audited(platform: Platform, server: Server) -> None:
    submission = platform.graded()
    for role in (Role.CANDIDATE, Role.ENGINEER):
        list(Stream(platform, server, _path(submission), role).events())

    reads = platform.store.audit.page(AuditFilter(action="grade.read", object_id=submission.id)).items
    read_by = {role: platform.tokens[role].record.id for role in (Role.ENGINEER, Role.CANDIDATE)}
    assert [(read.deed.actor, read.deed.detail["view"]) for read in reads] == [
        (read_by[Role.ENGINEER], "whole"),
        (read_by[Role.CANDIDATE], "candidate"),
    ]


def test_a_platform_fault_ends_the_stream_with_a_message_fit_for_the_watcher(
    platform: Platform, server: Server
) -> None:
    submission, grading = platform.add()
    for _ in range(3):
        platform.store.claims.record_error(platform.claim(grading), "host db-7 is down")

    *_, seen = Stream(platform, server, _path(submission), Role.CANDIDATE).events()
    *_, whole = Stream(platform, server, _path(submission), Role.ADMIN).events()

    assert seen[0] == whole[0] == "error"
    assert "db-7" not in seen[1]["message"]
    assert "db-7" in whole[1]["message"]


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.RECRUITER])
def test_a_client_that_comes_back_gets_the_tests_it_has_not_seen(
    platform: Platform, server: Server, role: Role
) -> None:
    submission, grading, stream = _watch(platform, server, role)
    claim = platform.claim(grading)
    _tell_test(platform, claim)
    last_id = stream.until("test")[-1][2]
    stream.close()
    _tell_test(platform, claim, "failed", number=2)
    _finish(platform, claim)

    told = list(Stream(platform, server, _path(submission), role, last_id).events())

    # A candidate's ids would tell the order of the tests, so they start again.
    expected = ["failed", "passed"] if role is Role.CANDIDATE else ["failed"]
    assert [data["status"] for name, data, _ in told if name == "test"] == expected
    assert [name for name, _, _ in told].count("started") == len(expected) - 1
    assert told[-1][0] == "grade"


def test_a_stream_outlives_a_short_loss_of_the_database(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    submission, grading = platform.add()
    answer = platform.client.get(_path(submission), headers=platform.headers(), buffered=False)
    chunks = iter(answer.response)
    told = next(chunks) + next(chunks)
    claim = platform.claim(grading)
    _tell_test(platform, claim)
    assert platform.store.claims.record_grade(claim, grade_of(claim))
    lost = iter(["get", "since", "grade"])
    for part, name in (
        (platform.store.gradings, "get"),
        (platform.store.events, "since"),
        (platform.store.gradings, "grade"),
    ):
        monkeypatch.setattr(part, name, _failing_once(getattr(part, name), lost))
    told += b"".join(chunks)
    answer.close()

    names = [line for line in told.decode().splitlines() if line.startswith("event: ")]
    assert names == ["event: queued", "event: started", "event: test", "event: grade"]
    assert next(lost, None) is None


def _failing_once(call: Callable[..., Any], failures: Iterator[str]) -> Callable[..., Any]:
    asked = []

    def failing(*arguments: Any, **options: Any) -> Any:
        if not asked:
            asked.append(next(failures))
            raise StoreUnavailable("restarting")
        return call(*arguments, **options)

    return failing


def test_progress_stored_before_places_were_is_told(platform: Platform, server: Server) -> None:
    _, grading, stream = _watch(platform, server, Role.RECRUITER)
    claim = platform.claim(grading)
    old = [("collected", {"tests": 2}), ("test", progress_of(number=1)), ("test", progress_of(number=2))]
    assert platform.store.claims.record_grade(claim, grade_of(claim), old)

    told = list(stream.events())

    assert [data for name, data, _ in told if name == "test"] == [progress_of(number=1), progress_of(number=2)]


def test_a_client_that_has_seen_the_end_is_told_not_to_come_back(platform: Platform, server: Server) -> None:
    submission = platform.graded()
    *_, event = Stream(platform, server, _path(submission), Role.RECRUITER).events()

    assert Stream(platform, server, _path(submission), Role.RECRUITER, event[2]).answer.status_code == 204


def test_a_regrade_is_told_to_a_client_that_has_seen_the_end_of_the_grading_before(
    platform: Platform, server: Server
) -> None:
    submission = platform.graded()
    platform.store.gradings.regrade(submission.id)
    stream = Stream(platform, server, _path(submission), Role.RECRUITER, "1-end")

    assert stream.until("queued")[-1][1] == {"position": 1}
    stream.close()


def test_a_grading_that_starts_anew_is_told(platform: Platform, server: Server) -> None:
    _, grading, stream = _watch(platform, server, Role.RECRUITER)
    stream.until("queued")
    claim = platform.claim(grading)
    stream.until("started")
    platform.store.claims.give_back(claim, "shutdown")
    stream.until("queued")
    _finish(platform, platform.claim(grading))

    assert [name for name, _, _ in stream.events()][-1] == "grade"


def test_progress_that_redis_has_lost_comes_from_the_database(platform: Platform, server: Server) -> None:
    _, grading, stream = _watch(platform, server, Role.RECRUITER)
    claim = platform.claim(grading)
    place = {"run": claim.run, "part": 0}
    _tell_test(platform, claim, number=1)
    first, second, third = (("test", {**progress_of(number=n), **place, "n": n}) for n in (1, 2, 3))
    platform.store.events.append(claim, [("collected", {"tests": 3, **place}), first, second])

    told = [*stream.until("test"), *stream.until("test")]
    platform.store.claims.record_grade(claim, grade_of(claim), [third])
    told += stream.events()
    assert [data for name, data, _ in told if name == "test"] == [progress_of(number=n) for n in (1, 2, 3)]
    assert told[-1][0] == "grade"


def test_a_grading_that_another_worker_takes_over_is_told_from_its_first_test(
    platform: Platform, server: Server
) -> None:
    _, grading, stream = _watch(platform, server, Role.RECRUITER)
    dead = platform.claim(grading)
    _tell_test(platform, dead, number=1)
    told = stream.until("test")
    with platform.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE gradings SET lease_until = NULL")
    other = platform.claim(grading)
    _tell_test(platform, other, "failed", number=1)
    _finish(platform, other)
    told += stream.events()

    assert [name for name, _, _ in told if name != "queued"] == ["started", "test", "started", "test", "grade"]
    assert [data["status"] for name, data, _ in told if name == "test"] == ["passed", "failed"]


def test_a_stream_ends_when_its_token_is_revoked(platform: Platform, server: Server) -> None:
    issued = platform.store.tokens.create(NewToken("for a day", Role.RECRUITER))
    theirs = replace(platform, tokens={**platform.tokens, Role.RECRUITER: issued})
    _, _, stream = _watch(theirs, server, Role.RECRUITER)
    stream.until("queued")

    platform.store.tokens.revoke(issued.record.id)

    assert list(stream.events()) == []


def test_without_redis_a_stream_goes_on_from_the_database(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> list[Any]:
        raise QueueUnavailable("gone")

    monkeypatch.setattr(platform.progress, "read", gone)
    submission, grading = platform.add()
    answer = platform.client.get(_path(submission), headers=platform.headers(), buffered=False)
    chunks = iter(answer.response)
    told = next(chunks) + next(chunks)
    claim = platform.claim(grading)
    news = {**progress_of(), "run": claim.run, "part": 0, "n": 1}
    platform.store.events.append(claim, [("test", news)])
    platform.store.claims.record_grade(claim, grade_of(claim))
    told += b"".join(chunks)
    answer.close()

    names = [line for line in told.decode().splitlines() if line.startswith("event: ")]
    assert names == ["event: queued", "event: started", "event: test", "event: grade"]


def _open_streams(platform: Platform, server: Server, count: int) -> list[Stream]:
    submission, _ = platform.add()
    return [Stream(platform, server, _path(submission), Role.RECRUITER) for _ in range(count)]


def test_streams_beyond_the_limit_are_told_to_try_later_and_others_are_served(
    platform: Platform, server: Server
) -> None:
    streams = _open_streams(platform, server, platform.settings.event_streams + 1)

    assert [stream.answer.status_code for stream in streams] == [200, 200, 200, 503]
    assert streams[-1].answer.headers["Retry-After"]
    assert streams[-1].answer.headers["Content-Type"] == "application/problem+json"
    assert requests.get(f"{server.url}/healthz", timeout=WAIT_S).status_code == 200
    for stream in streams:
        stream.close()


def test_a_client_that_goes_away_leaves_its_place_to_another(platform: Platform, server: Server) -> None:
    for stream in _open_streams(platform, server, platform.settings.event_streams):
        stream.until("queued")
        stream.close()

    for _ in range(int(WAIT_S / 0.1)):
        (again,) = _open_streams(platform, server, 1)
        if again.answer.status_code == 200:
            break
        time.sleep(0.1)
    assert again.answer.status_code == 200
    again.close()


def test_a_server_that_stops_ends_its_streams_and_exits_in_order(platform: Platform, own_server: Server) -> None:
    streams = _open_streams(platform, own_server, 2)
    for stream in streams:
        stream.until("queued")

    own_server.process.terminate()

    assert [list(stream.events()) for stream in streams] == [[], []]
    assert own_server.process.wait(WAIT_S) == 0


def test_a_server_whose_master_was_killed_ends_its_streams_too(platform: Platform, own_server: Server) -> None:
    (stream,) = _open_streams(platform, own_server, 1)
    stream.until("queued")

    own_server.process.kill()

    assert list(stream.events()) == []


def test_a_place_is_given_back_once_however_often_it_is_left() -> None:
    streams = EventStreams(1)
    leave = streams.enter("ada", 1)
    assert leave is not None
    assert streams.enter("ben", 1) is None

    leave()
    leave()

    assert streams.open == 0
    assert streams.enter("ada", 1) is not None
    assert streams.enter("ben", 1) is None


def test_one_candidate_can_not_take_every_place(platform: Platform, server: Server) -> None:
    submission, _ = platform.add()
    mine = [Stream(platform, server, _path(submission), Role.CANDIDATE) for _ in range(2)]
    other = Stream(platform, server, _path(submission), Role.RECRUITER)

    assert EventStreams(16).limit_of_one == 4
    assert [stream.answer.status_code for stream in (*mine, other)] == [200, 503, 200]
    assert "for this token" in mine[1].answer.json()["detail"]
    for stream in (*mine, other):
        stream.close()


def test_only_a_connection_that_the_client_closed_is_gone() -> None:
    ours, theirs = socket.socketpair()
    assert client_is_gone(None) is False
    assert client_is_gone(ours) is False
    theirs.sendall(b"x")
    assert client_is_gone(ours) is False
    ours.recv(1)
    theirs.close()
    assert client_is_gone(ours) is True
    ours.close()
    assert client_is_gone(ours) is True


def test_a_stream_outlives_the_time_that_a_body_may_take(platform: Platform, impatient_server: Server) -> None:
    _, grading, stream = _watch(platform, impatient_server, Role.RECRUITER)
    stream.until("queued")
    time.sleep(ImpatientWorker.body_s * 2.5)
    _finish(platform, platform.claim(grading))
    assert stream.until("grade")[-1][0] == "grade"


def test_the_body_of_a_watchers_request_is_not_waited_for(platform: Platform, impatient_server: Server) -> None:
    submission, grading = platform.add()
    answer = requests.get(
        impatient_server.url + _path(submission), headers=platform.headers(), data=b"x", stream=True, timeout=WAIT_S
    )
    time.sleep(ImpatientWorker.body_s * 2.5)
    _finish(platform, platform.claim(grading))
    assert b"event: grade" in answer.content
