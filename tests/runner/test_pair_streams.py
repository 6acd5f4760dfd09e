"""The worker's loop over real sockets, with an app's container that is hostile from its first process on.

No container runs the candidate's code as PID 1, so none can do this yet; the host's side holds all the same.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from runner.grading.report import Outcome, RunReport, TestStatus, Work
from runner.inside.frames import CHUNK_BYTES, Frame, FrameReader, encode
from runner.limits import Limits
from runner.sandbox.engine import Engine
from runner.sandbox.pair import Container, Pair
from runner.sandbox.stream import ContainerStream

LIMITS = Limits(request_s=2.0, test_s=5.0, app_start_s=4.0, grading_s=20.0)
TEST = "test_a.py::test_one"
#: What an app can make the host read before it is given up: a frame, or what 64 refused ones hold, and a read more.
MOST_READ = 4 * 1024 * 1024


class Standing:
    """An engine whose containers run."""

    def state(self, identity: str) -> Mapping[str, Any]:
        return {"Running": True}


def piece(data: bytes, kind: int = 1) -> bytes:
    return struct.pack(">BxxxI", kind, len(data)) + data


def frames(sock: socket.socket) -> Any:
    """What the host sends, until it closes."""
    reader = FrameReader(64 * 1024 * 1024)
    with contextlib.suppress(OSError):
        while data := sock.recv(CHUNK_BYTES):
            yield from reader.feed(data)


def grader(sock: socket.socket, told: list[dict[str, Any]]) -> None:
    """An honest one: it opens an app, asks once, and reports a test that failed."""
    asked = 0
    for frame in frames(sock):
        if frame.type == "answer":
            told.append(dict(frame.fields))
        if frame.type == "suite":
            said = [Frame("collected", {"tests": [[TEST, "R1"]]}), Frame("test_start", {"id": TEST})]
        elif asked == 2:
            end = {"id": TEST, "status": "error", "duration_s": 0.1}
            said = [Frame("test_end", end), Frame("done", {"exit": 1})]
        else:
            said = []
        if asked < 2:
            asked += 1
            said.append(Frame("op", {"id": asked, "op": ("open", "request")[asked - 1], "handle": 0}))
        sock.sendall(b"".join(piece(encode(frame)) for frame in said))


def graded(app: Callable[[socket.socket], None]) -> tuple[RunReport, list[dict[str, Any]], Pair]:
    """Run a grading with this app."""
    app_ours, app_theirs = socket.socketpair()
    grader_ours, grader_theirs = socket.socketpair()
    told: list[dict[str, Any]] = []

    def play() -> None:
        with contextlib.suppress(OSError):
            app(app_theirs)

    threads = [threading.Thread(target=play), threading.Thread(target=grader, args=(grader_theirs, told))]
    for thread in threads:
        thread.start()
    streams = [
        ContainerStream(app_ours, None, most_frame_bytes=3 * 1024 * 1024),
        ContainerStream(grader_ours, None, most_frame_bytes=1024 * 1024, hostile=False),
    ]
    pair = Pair(cast(Engine, Standing()), *(Container(str(n), stream, {}) for n, stream in enumerate(streams)), LIMITS)
    try:
        report = pair.run(Work({"a.py": b"x"}, b"h", {"t.py": b"y"}, "a:app", LIMITS, 1), lambda *_: None, warm=True)
    finally:
        for stream in streams:
            stream.close()
        for sock in (app_theirs, grader_theirs):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
        for sock in (app_theirs, grader_theirs):
            sock.close()
    return report, told, pair


def honest(sock: socket.socket) -> None:
    sock.sendall(piece(encode(Frame("loaded", {"ok": True}))))
    for frame in frames(sock):
        if frame.type == "op":
            fields = {"handle": 0} if frame.fields["op"] == "open" else {"status": "200 OK", "headers": []}
            sock.sendall(piece(encode(Frame("answer", {"id": frame.fields["id"], "ok": True, **fields}))))


def endlessly(data: bytes) -> Callable[[socket.socket], None]:
    """An app that is loaded, and from then on says this."""

    def app(sock: socket.socket) -> None:
        sock.sendall(piece(encode(Frame("loaded", {"ok": True}))))
        while True:
            sock.sendall(data)

    return app


HOSTILE = {
    "frames that answer nothing": endlessly(piece(encode(Frame("answer", {"id": "0" * 16, "ok": True})))),
    "results": endlessly(piece(encode(Frame("test_end", {"id": TEST, "status": "passed", "duration_s": 0.1})))),
    "large frames that answer nothing": endlessly(piece(encode(Frame("x", {}, b"x" * 50_000)))),
    "pieces of nothing": endlessly(piece(b"") * 1000),
    "a frame byte by byte": endlessly(piece(b"\0") + piece(b"\x01") + piece(b"\0") * 9000),
    "standard error": endlessly(piece(b"e" * 30_000, 2)),
    "standard error byte by byte": endlessly(piece(b"e", 2) * 1000),
    "a stream out of step": endlessly(b"\xff" * 1000),
    "a header that is a bomb": endlessly(piece(struct.pack(">II", 200_004, 200_000) + b"[" * 200_000)),
    "a frame of 4 GB": endlessly(piece(struct.pack(">II", 2**32 - 1, 100))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_flood_ends_the_app_and_changes_no_result(name: str) -> None:
    report, told, pair = graded(HOSTILE[name])
    assert report.outcome is Outcome.CRASHED
    assert [(test.id, test.status) for test in report.tests] == [(TEST, TestStatus.ERROR)]
    assert [answer["fault"] for answer in told] == ["died", "died"]
    assert pair._app.stream.received_bytes < MOST_READ


def test_the_same_loop_relays_an_honest_app() -> None:
    report, told, _ = graded(honest)
    assert report.outcome is Outcome.COMPLETED
    assert [answer["ok"] for answer in told] == [True, True]


def test_an_app_that_reads_nothing_is_given_up_before_it_fills_the_hosts_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("runner.sandbox.pair._MOST_WAITING_BYTES", 300_000)

    def deaf(sock: socket.socket) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(piece(encode(Frame("loaded", {"ok": True}))))
        threading.Event().wait(0.01)

    large = Work({"a.py": b"x" * 3_000_000}, b"h", {"t.py": b"y"}, "a:app", LIMITS, 1)
    monkeypatch.setattr(f"{__name__}.Work", lambda *_: large)
    report, told, _ = graded(deaf)
    assert report.outcome_message == "The app's container does not read what it is sent"
    assert [answer["fault"] for answer in told] == ["died", "died"]


def test_a_package_that_fits_no_frame_is_a_fault_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    from runner.errors import GraderFault

    many = Work({"a" * 190 + str(n): b"" for n in range(2000)}, b"h", {"t.py": b"y"}, "a:app", LIMITS, 1)
    monkeypatch.setattr(f"{__name__}.Work", lambda *_: many)
    with pytest.raises(GraderFault, match="does not fit into a frame"):
        graded(honest)
