"""The doorway between an abstract socket and a server's own, in a process of the test's own."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.inside.doorway import Doorway

REFUSAL = b"-ERR too many\r\n"
PATIENCE_S = 20.0


class Echo:
    """A server that says everything again, and can be told to read nothing for a while."""

    def __init__(self, path: Path) -> None:
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen(64)
        self.reading = threading.Event()
        self.reading.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._echo, args=[peer], daemon=True).start()

    def _echo(self, peer: socket.socket) -> None:
        with peer:
            while self.reading.wait() and (data := peer.recv(65536)):
                if data == b"bye":
                    return
                peer.sendall(data)


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[Echo]:
    server = Echo(tmp_path / "s")
    yield server
    server.listener.close()


def door(tmp_path: Path, *, uid: int | None = None, most: int = 4) -> tuple[Doorway, str]:
    name = f"\0mendbox-test-{secrets.token_hex(8)}"
    doorway = Doorway(name, str(tmp_path / "s"), os.getuid() if uid is None else uid, most=most, refusal=REFUSAL)
    doorway.start()
    return doorway, name


def connected(name: str) -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(PATIENCE_S)
    client.connect(name)
    return client


def said(client: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count and (data := client.recv(65536)):
        got += data
    return got


def test_bytes_come_and_go_as_they_are(tmp_path: Path, echo: Echo) -> None:
    _, name = door(tmp_path)
    with connected(name) as one, connected(name) as other:
        for client, data in ((one, secrets.token_bytes(1000)), (other, b"\0\r\n"), (one, b"again")):
            client.sendall(data)
            assert said(client, len(data)) == data


def test_a_side_that_does_not_read_holds_up_nobody_else_and_loses_nothing(tmp_path: Path, echo: Echo) -> None:
    _, name = door(tmp_path)
    data = secrets.token_bytes(4_000_000)
    with connected(name) as slow, connected(name) as quick:
        sender = threading.Thread(target=slow.sendall, args=[data])
        sender.start()
        for number in range(100):
            quick.sendall(b"%03d" % number)
            assert said(quick, 3) == b"%03d" % number
        assert said(slow, len(data)) == data
        sender.join()


def test_either_side_may_end_it(tmp_path: Path, echo: Echo) -> None:
    _, name = door(tmp_path, most=8)
    for _ in range(30):
        with connected(name) as client:
            client.sendall(b"bye")
            assert client.recv(10) == b""
        with connected(name) as client:
            client.sendall(b"still")
            assert said(client, 5) == b"still"


def test_who_is_not_the_app_is_turned_away(tmp_path: Path, echo: Echo) -> None:
    _, name = door(tmp_path, uid=os.getuid() + 1)
    with connected(name) as client:
        assert client.recv(10) == b""


def test_one_too_many_is_told_so_and_the_next_finds_the_room_that_is_made(tmp_path: Path, echo: Echo) -> None:
    _, name = door(tmp_path, most=2)
    clients = [connected(name) for _ in range(2)]
    for client in clients:
        client.sendall(b"here")
        assert said(client, 4) == b"here"
    with connected(name) as more:
        more.sendall(b"a word or two, before it is read why")
        assert said(more, 100) == REFUSAL
    for client in clients:
        client.close()
    for _ in range(1000):
        # Turned away without a word where many wait to read theirs, which resets what was not read.
        with connected(name) as client, contextlib.suppress(ConnectionError):
            client.sendall(b"in")
            if said(client, 2) == b"in":
                return
    pytest.fail("there never was room")


def test_turned_out_are_all_also_those_who_were_not_in_yet(tmp_path: Path, echo: Echo) -> None:
    doorway, name = door(tmp_path)
    clients = [connected(name) for _ in range(3)]
    doorway.turn_out()
    assert [client.recv(10) for client in clients] == [b""] * 3
    for client in clients:
        client.close()
    with connected(name) as client:
        client.sendall(b"new")
        assert said(client, 3) == b"new"


def test_a_server_that_is_not_there_ends_the_connection(tmp_path: Path) -> None:
    _, name = door(tmp_path)
    with connected(name) as client:
        assert client.recv(10) == b""
