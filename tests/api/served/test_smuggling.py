"""Where a message ends is never a matter of opinion: what two servers in a row could read differently is refused."""

from __future__ import annotations

import re
import socket
from contextlib import suppress

import pytest

from tests.api.served.live import Server

CHUNKED = b"0\r\n\r\n"
HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5",
        b"Content-Length: 5\r\nContent-Length: 39",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Transfer-Encoding: identity, chunked, identity",
        b"Transfer-Encoding : chunked",
        b"Content-Length: +5",
        b"Content-Length: 5, 5",
    ],
)
def test_a_message_of_two_lengths_is_refused_and_what_is_behind_it_is_no_request(
    server: Server, headers: bytes
) -> None:
    with server.connect() as connection:
        connection.sendall(b"POST /healthz HTTP/1.1\r\nHost: h\r\n" + headers + b"\r\n\r\n" + CHUNKED + HIDDEN)
        answer = all_answers(connection)
    # Of the server's own, before anything was asked of the API: there it would be 405.
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ")), answer[:200]
    assert answer.count(b"HTTP/1.1 ") == 1


def test_two_requests_in_a_row_are_two(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(
            b"POST /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED + HIDDEN
        )
        answer = all_answers(connection)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"405", b"200"]


def all_answers(connection: socket.socket) -> bytes:
    """What the server sends until it closes the connection."""
    received = b""
    with suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            received += chunk
    return received
