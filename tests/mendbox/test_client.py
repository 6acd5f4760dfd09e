"""The client of the API, against a server that ends a stream early, as the API does after some minutes."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from mendbox.client import ApiClient
from runner.errors import MendboxError

STREAMS = [
    b'event: queued\ndata: {"position": 1}\n\nevent: test\nid: 7-0\ndata: {"status": "passed"}\n\n: still here\n\n',
    b'event: grade\nid: 8-0\ndata: {"grade": {"score": 100}}\n\nevent: late\ndata: {}\n\n',
]


def test_an_address_that_is_none_is_bad_usage_and_no_fault_of_the_platform() -> None:
    with pytest.raises(MendboxError, match="no address of an API"):
        ApiClient("ftp://127.0.0.1", "token")
    ApiClient("HTTP://127.0.0.1", "token").close()


def test_a_stream_that_ends_before_the_grade_is_taken_up_after_its_last_event() -> None:
    asked: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Last-Event-ID"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(STREAMS[len(asked) - 1])

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with ApiClient(f"http://127.0.0.1:{server.server_port}", "token") as client:
                events = list(client.events("s"))
        finally:
            server.shutdown()
            thread.join()

    assert events == [
        ("queued", {"position": 1}),
        ("test", {"status": "passed"}),
        ("grade", {"grade": {"score": 100}}),
    ]
    assert asked == [None, "7-0"]
