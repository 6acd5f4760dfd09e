"""The grader's own side: what an app can bring a test to send is the test's failure, never the protocol's."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from runner.inside.fixtures import App
from runner.inside.frames import CHUNK_BYTES, Frame, FrameReader, FrameRefused, encode
from runner.inside.grader_backend import RelayBackend, Wire
from runner.inside.visitors import draw_visitor

COOKIES = [["Set-Cookie", f"c{number}=" + "x" * 500] for number in range(50)]


@pytest.fixture
def backend() -> Iterator[RelayBackend]:
    """A backend whose host answers every request with 50 cookies of new names."""
    from_grader, to_host = os.pipe()
    from_host, to_grader = os.pipe()
    reader = FrameReader()

    def host() -> None:
        asked = 0
        while data := os.read(from_grader, CHUNK_BYTES):
            for frame in reader.feed(data):
                asked += 1
                headers = [[name, f"r{asked}{value}"] for name, value in COOKIES]
                fields = {"id": frame.fields["id"], "ok": True, "status": "200 OK", "headers": headers}
                os.write(to_grader, encode(Frame("answer", fields)))

    thread = threading.Thread(target=host, daemon=True)
    thread.start()
    wire = Wire(from_host, to_host)
    wire.start_reading()
    yield RelayBackend(wire)
    os.close(to_host)
    thread.join()
    # The wire's own thread stays in its read: at the end of its input it would end the process.


def test_cookies_that_add_up_past_a_frame_fail_in_the_test_and_the_next_request_works(backend: RelayBackend) -> None:
    app = App(backend, 0, draw_visitor(1, "test_a.py::test_one"))
    client = app.client()
    # One answer more than what fits: each brings 25 KB of cookies that are sent back from then on.
    for _ in range(11):
        assert client.get("/").status_code == 200
    with pytest.raises(FrameRefused, match="a header of"):
        client.get("/")
    assert app.client().get("/").status_code == 200


def test_what_can_not_be_sent_is_refused_in_the_test(backend: RelayBackend) -> None:
    nested: object = 1
    for _ in range(20):
        nested = [nested]
    for value in (nested, float("nan"), 10**400):
        with pytest.raises(FrameRefused):
            backend.call(0, "app:f", [value], {})
    with pytest.raises(TypeError):
        backend.call(0, "app:f", [object()], {})
