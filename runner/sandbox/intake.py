"""What a container says, from the bytes of the engine's stream to frames, with budgets on what that may cost the host.

The engine puts 8 bytes before each piece of output: the stream (1 output, 2 error), three zero bytes, a length. Pieces
are passed on as their bytes come, so their length needs no cap and nothing is kept twice. No I/O here.

How many frames count is the relay's business: the app's answers are as many as the questions, and a few more end it.
Here it is bounded what a frame costs until it is one: bytes, and pieces, since a byte alone in a piece costs as much as
32 KiB in one.
"""

from __future__ import annotations

import struct

from runner.inside.frames import Frame, FrameReader, FrameRefused

_HEADER = struct.Struct(">BxxxI")
_OUTPUT, _ERROR = 1, 2
#: Standard error is kept for a message, and up to here read and thrown away.
_STDERR_KEPT_BYTES = 4096
MOST_STDERR_BYTES = 1024 * 1024
#: A pipe takes 4 KiB at once, or the rest of what is written: an honest frame comes in a tenth of these.
MOST_PIECES = 256
_BYTES_FOR_ANOTHER_PIECE = 256


class Intake:
    """The frames of one container. A `hostile` one is held to the budgets, a trusted one to the form alone."""

    def __init__(self, *, most_frame_bytes: int, hostile: bool) -> None:
        self._reader = FrameReader(most_frame_bytes)
        self._hostile = hostile
        self._head = bytearray()
        self._kind = 0
        self._left = 0
        self._pieces = 0
        self._bytes_of_pieces = 0
        self._stderr_bytes = 0
        self.stderr = bytearray()
        self.received_bytes = 0

    @property
    def pending_bytes(self) -> int:
        """Bytes kept for what is not complete."""
        return len(self._head) + self._reader.pending_bytes

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete with these bytes. Raises FrameRefused; what follows then means nothing."""
        self.received_bytes += len(data)
        frames: list[Frame] = []
        rest = memoryview(data)
        while rest:
            if not self._left:
                rest = self._begin(rest)
            piece, rest = rest[: self._left], rest[self._left :]
            self._left -= len(piece)
            if self._kind == _OUTPUT and piece:
                frames += self._take(bytes(piece))
            elif self._kind == _ERROR and piece:
                self._note(bytes(piece))
        return frames

    def _begin(self, rest: memoryview) -> memoryview:
        """Read the head of a piece, as far as it is there; gives what follows it."""
        missing = _HEADER.size - len(self._head)
        self._head += rest[:missing]
        self._kind = 0
        if len(self._head) == _HEADER.size:
            self._kind, self._left = _HEADER.unpack(self._head)
            self._head.clear()
            if self._kind not in (_OUTPUT, _ERROR):
                raise FrameRefused("the engine's stream is out of step")
            self._count()
        return rest[missing:]

    def _count(self) -> None:
        self._pieces += 1
        if self._hostile and self._pieces > MOST_PIECES + self._bytes_of_pieces // _BYTES_FOR_ANOTHER_PIECE:
            raise FrameRefused("a frame in more pieces than anyone writes")

    def _take(self, piece: bytes) -> list[Frame]:
        self._bytes_of_pieces += len(piece)
        frames = list(self._reader.feed(piece))
        if frames:
            self._pieces = self._bytes_of_pieces = 0
        return frames

    def _note(self, piece: bytes) -> None:
        self.stderr += piece[: _STDERR_KEPT_BYTES - len(self.stderr)]
        self._stderr_bytes += len(piece)
        if self._hostile and self._stderr_bytes > MOST_STDERR_BYTES:
            raise FrameRefused("more on standard error than anyone reads")
