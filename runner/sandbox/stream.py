"""A container's standard streams as frames: the engine's multiplexing undone, caps kept, nothing that blocks.

The engine puts 8 bytes before each piece of output: the stream (1 output, 2 error), three zero bytes, a length. Input
goes as it is.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from typing import Any

from runner.inside.frames import CHUNK_BYTES, Frame, FrameReader, FrameRefused, encode

_HEADER = struct.Struct(">BxxxI")
_MOST_PIECE_BYTES = 64 * 1024 * 1024
_STDERR_BYTES = 4096


class StreamClosed(Exception):
    """The container's streams ended."""


class ContainerStream:
    """Frames to and from one container."""

    def __init__(self, sock: socket.socket, owner: Any, *, most_frame_bytes: int) -> None:
        self._socket = sock
        self._owner = owner
        self._raw = bytearray()
        self._reader = FrameReader(most_frame_bytes)
        self._waiting = bytearray()
        self.stderr = bytearray()
        self.received_bytes = 0
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """For selectors."""
        return self._socket.fileno()

    @property
    def wants_to_write(self) -> bool:
        """Whether bytes wait to be taken by the container."""
        return bool(self._waiting)

    def send(self, frame: Frame) -> None:
        """Queue a frame and send what is taken now. Raises StreamClosed."""
        self._waiting += encode(frame)
        self.flush()

    def flush(self) -> None:
        """Send what is taken now. Raises StreamClosed."""
        while self._waiting:
            try:
                sent = self._socket.send(self._waiting[:CHUNK_BYTES])
            except BlockingIOError:
                return
            except OSError:
                raise StreamClosed from None
            del self._waiting[:sent]

    def receive(self) -> list[Frame]:
        """The frames completed by what is there now. Raises StreamClosed at the end, FrameRefused on rubbish."""
        try:
            data = self._socket.recv(CHUNK_BYTES)
        except BlockingIOError:
            return []
        except OSError:
            raise StreamClosed from None
        if not data:
            raise StreamClosed
        self.received_bytes += len(data)
        self._raw += data
        frames: list[Frame] = []
        while len(self._raw) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._raw)
            if kind not in (1, 2) or length > _MOST_PIECE_BYTES:
                raise FrameRefused("the engine's stream is out of step")
            if len(self._raw) < _HEADER.size + length:
                break
            piece = bytes(self._raw[_HEADER.size : _HEADER.size + length])
            del self._raw[: _HEADER.size + length]
            if kind == 1:
                frames.extend(self._reader.feed(piece))
            elif len(self.stderr) < _STDERR_BYTES:
                self.stderr += piece[: _STDERR_BYTES - len(self.stderr)]
        return frames

    def close(self) -> None:
        """Close the socket and the response that holds it."""
        with contextlib.suppress(OSError):
            self._socket.close()
        response = getattr(self._owner, "_response", None)
        for thing in (self._owner, response):
            if thing is not None:
                with contextlib.suppress(Exception):
                    thing.close()
