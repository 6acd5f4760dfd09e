"""A container's standard streams as frames: nothing that blocks. What comes is judged by `runner.sandbox.intake`.

Input goes to the container as it is; output comes in the pieces that `intake` takes apart.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Any

from runner.inside.frames import CHUNK_BYTES, Frame, encode
from runner.sandbox.intake import Intake


class StreamClosed(Exception):
    """The container's streams ended."""


class ContainerStream:
    """Frames to and from one container."""

    def __init__(self, sock: socket.socket, owner: Any, *, most_frame_bytes: int, hostile: bool = True) -> None:
        self._socket = sock
        self._owner = owner
        self._intake = Intake(most_frame_bytes=most_frame_bytes, hostile=hostile)
        self._waiting = bytearray()
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """For selectors."""
        return self._socket.fileno()

    @property
    def stderr(self) -> bytes:
        """The first that the container wrote to standard error."""
        return bytes(self._intake.stderr)

    @property
    def received_bytes(self) -> int:
        """All that came so far."""
        return self._intake.received_bytes

    @property
    def waiting_bytes(self) -> int:
        """Bytes that wait to be taken by the container."""
        return len(self._waiting)

    @property
    def wants_to_write(self) -> bool:
        """Whether bytes wait to be taken by the container."""
        return bool(self._waiting)

    def send(self, frame: Frame) -> None:
        """Queue a frame and send what is taken now. Raises StreamClosed, and FrameRefused for one over a cap."""
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
        return self._intake.feed(data)

    def close(self) -> None:
        """Close the socket and the response that holds it."""
        with contextlib.suppress(OSError):
            self._socket.close()
        response = getattr(self._owner, "_response", None)
        for thing in (self._owner, response):
            if thing is not None:
                with contextlib.suppress(Exception):
                    thing.close()
