"""A two-way stream of frames over non-blocking descriptors, for an event loop that must never wait on one peer."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runner.inside.frames import CHUNK_BYTES, Frame, FrameReader, encode

#: Bytes that may wait for a peer which does not read; past that the peer is taken for dead.
MOST_WAITING_BYTES = 32 * 1024 * 1024


class ChannelClosed(Exception):
    """The peer is gone, or does not read."""


class Channel:
    """Frames out through `write_fd`, frames in through `read_fd` (often the same socket)."""

    def __init__(self, read_fd: int, write_fd: int, *, most_bytes: int) -> None:
        self.read_fd = read_fd
        self.write_fd = write_fd
        self._reader = FrameReader(most_bytes)
        self._waiting = bytearray()
        os.set_blocking(read_fd, False)
        os.set_blocking(write_fd, False)

    @property
    def wants_to_write(self) -> bool:
        """Whether bytes wait for the peer to read."""
        return bool(self._waiting)

    def send(self, frame: Frame) -> None:
        """Queue a frame and write what the peer takes now. Raises ChannelClosed."""
        self._waiting += encode(frame)
        self.flush()
        if len(self._waiting) > MOST_WAITING_BYTES:
            raise ChannelClosed

    def flush(self) -> None:
        """Write what the peer takes now. Raises ChannelClosed."""
        while self._waiting:
            try:
                written = os.write(self.write_fd, self._waiting[:CHUNK_BYTES])
            except BlockingIOError:
                return
            except OSError:
                raise ChannelClosed from None
            del self._waiting[:written]

    def receive(self) -> Iterator[Frame]:
        """The frames that are complete after one read. Raises ChannelClosed at the end, FrameRefused on rubbish."""
        try:
            data = os.read(self.read_fd, CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError:
            raise ChannelClosed from None
        if not data:
            raise ChannelClosed
        yield from self._reader.feed(data)

    def close(self) -> None:
        """Close both descriptors."""
        for fd in {self.read_fd, self.write_fd}:
            os.close(fd)
