"""The engine's stream taken apart, however it is cut, and what one container may make the host do."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.inside.channel import MOST_WAITING_BYTES, Channel, ChannelClosed
from runner.inside.frames import CHUNK_BYTES, Frame, FrameRefused, encode
from runner.sandbox.intake import MOST_PIECES, MOST_STDERR_BYTES, Intake
from runner.sandbox.stream import ContainerStream, StreamClosed

FRAME = Frame("answer", {"id": "a"}, b"body")


def piece(kind: int, data: bytes) -> bytes:
    return struct.pack(">BxxxI", kind, len(data)) + data


def intake(*, hostile: bool = True) -> Intake:
    return Intake(most_frame_bytes=4 * 1024 * 1024, hostile=hostile)


@given(st.lists(st.binary(max_size=30), max_size=4), st.integers(1, 40), st.integers(1, 40))
def test_frames_come_through_however_pieces_and_reads_are_cut(bodies: list[bytes], cut: int, read: int) -> None:
    frames = [Frame("answer", {"n": n}, body) for n, body in enumerate(bodies)]
    said = b"".join(map(encode, frames))
    stream = b"".join(piece(1, said[at : at + cut]) + piece(2, b"err") for at in range(0, len(said), cut))
    taken = intake(hostile=False)
    seen = [frame for at in range(0, len(stream), read) for frame in taken.feed(stream[at : at + read])]
    assert seen == frames
    assert taken.pending_bytes == 0
    assert taken.received_bytes == len(stream)
    assert taken.stderr == b"err" * -(-len(said) // cut)


def test_a_stream_that_comes_byte_by_byte_gives_its_frames() -> None:
    stream = piece(2, b"oops") + piece(1, b"") + piece(2, b"") + piece(1, encode(FRAME)) * 2
    taken = intake()
    assert [frame for byte in stream for frame in taken.feed(bytes([byte]))] == [FRAME, FRAME]
    assert taken.stderr == b"oops"


@given(st.binary(max_size=200))
def test_any_bytes_give_frames_or_a_refusal(data: bytes) -> None:
    taken = intake()
    try:
        taken.feed(data)
    except FrameRefused:
        return
    assert taken.pending_bytes <= len(data)


@pytest.mark.parametrize("kind", [0, 3, 255])
def test_a_stream_out_of_step_is_refused(kind: int) -> None:
    with pytest.raises(FrameRefused, match="out of step"):
        intake().feed(piece(kind, b"x"))


def test_an_honest_frame_in_pieces_as_a_pipe_gives_them_is_taken() -> None:
    large = encode(Frame("answer", {}, b"x" * 2_000_000))
    taken = intake()
    frames = []
    for at in range(0, len(large), 4096):
        frames += taken.feed(piece(1, large[at : at + 4096]))
    assert len(frames) == 1
    for _ in range(3 * MOST_PIECES):
        frames += taken.feed(piece(1, encode(FRAME)))
    assert len(frames) == 1 + 3 * MOST_PIECES


def test_a_frame_byte_by_byte_is_refused() -> None:
    said = encode(Frame("answer", {}, b"x" * 2 * MOST_PIECES))
    taken = intake()
    with pytest.raises(FrameRefused, match="more pieces"):
        taken.feed(b"".join(piece(1, bytes([byte])) for byte in said))
    assert taken.pending_bytes <= MOST_PIECES + 1


@pytest.mark.parametrize(("kind", "content"), [(1, b""), (2, b""), (2, b"x")])
def test_pieces_that_bring_no_frame_nearer_are_refused(kind: int, content: bytes) -> None:
    with pytest.raises(FrameRefused, match="more pieces"):
        intake().feed(piece(kind, content) * (MOST_PIECES + 1))
    assert intake(hostile=False).feed(piece(kind, content) * (MOST_PIECES + 1)) == []


def test_standard_error_is_kept_for_a_message_and_a_flood_of_it_is_refused() -> None:
    taken = intake()
    taken.feed(piece(2, b"e" * 100_000))
    assert taken.stderr == b"e" * 4096
    with pytest.raises(FrameRefused, match="standard error"):
        taken.feed(piece(2, b"e" * MOST_STDERR_BYTES))
    grader = intake(hostile=False)
    grader.feed(piece(2, b"e" * (2 * MOST_STDERR_BYTES)))
    assert len(grader.stderr) == 4096


def test_a_frame_over_the_cap_is_refused_before_its_bytes_come() -> None:
    with pytest.raises(FrameRefused, match="a frame of"):
        intake().feed(piece(1, struct.pack(">II", 5_000_000, 10)))


# --- over real sockets -------------------------------------------------------------------------------------------


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


class Owner:
    """What the engine's client gives beside the socket."""

    class _Response:
        closed = False

        def close(self) -> None:
            self.closed = True
            raise OSError("closed before")

    def __init__(self) -> None:
        self._response = self._Response()

    def close(self) -> None:
        raise OSError("closed before")


def test_a_stream_gives_frames_and_ends_with_its_container(sockets: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = sockets
    owner = Owner()
    stream = ContainerStream(ours, owner, most_frame_bytes=1000)
    assert stream.fileno() == ours.fileno()
    assert stream.receive() == []
    theirs.send(piece(2, b"said") + piece(1, encode(FRAME)))
    assert stream.receive() == [FRAME]
    assert (stream.stderr, stream.received_bytes) == (b"said", 8 + 4 + 8 + len(encode(FRAME)))
    theirs.close()
    with pytest.raises(StreamClosed):
        stream.receive()
    stream.close()
    assert owner._response.closed
    with pytest.raises(StreamClosed):
        stream.receive()
    ContainerStream(ours.dup() if ours.fileno() >= 0 else socket.socket(), None, most_frame_bytes=1).close()


def test_what_a_container_does_not_read_waits_and_is_counted(sockets: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = sockets
    stream = ContainerStream(ours, None, most_frame_bytes=1000)
    sent = encode(Frame("load", {}, b"x" * 2_000_000))
    stream.send(Frame("load", {}, b"x" * 2_000_000))
    assert stream.wants_to_write
    assert 0 < stream.waiting_bytes < len(sent)
    got = b""
    while len(got) < len(sent):
        got += theirs.recv(CHUNK_BYTES)
        stream.flush()
    assert got == sent
    assert not stream.wants_to_write
    theirs.close()
    with pytest.raises(StreamClosed):
        stream.send(Frame("op"))


def test_a_channel_gives_frames_and_ends_with_its_peer(sockets: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = sockets
    channel = Channel(ours.fileno(), ours.dup().detach(), most_bytes=1000)
    assert list(channel.receive()) == []
    theirs.send(encode(FRAME) * 2)
    assert list(channel.receive()) == [FRAME, FRAME]
    channel.send(FRAME)
    assert not channel.wants_to_write
    assert theirs.recv(100) == encode(FRAME)
    theirs.close()
    with pytest.raises(ChannelClosed):
        list(channel.receive())
    with pytest.raises(ChannelClosed):
        channel.send(FRAME)
    ours.detach()
    channel.close()
    with pytest.raises(ChannelClosed):
        list(channel.receive())


def test_a_peer_that_does_not_read_is_taken_for_dead(sockets: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = sockets
    channel = Channel(ours.fileno(), ours.fileno(), most_bytes=1000)
    part = Frame("load", {}, b"x" * (MOST_WAITING_BYTES // 2))
    channel.send(part)
    assert channel.wants_to_write
    with pytest.raises(ChannelClosed):
        channel.send(Frame("load", {}, b"x" * MOST_WAITING_BYTES))
