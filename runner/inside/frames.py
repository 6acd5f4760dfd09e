"""The one wire format between host and containers: frames over a byte stream.

    4 bytes  N, length of what follows, big-endian
    4 bytes  H, length of the header
    H bytes  header: one JSON object, UTF-8, with a string under "t" (the frame's type)
    N-4-H    body: raw bytes (a request's or answer's body, file contents, output)

Every length is checked against a cap before anything is allocated for it. Headers are strict JSON (`strict_json`) of at
most `MOST_DEPTH` levels and `MOST_VALUES` values. Both ends use this module; neither trusts the other to. What `encode`
gives is what a reader takes: a frame over a cap fails where it is made, and not at a peer that takes it for hostile.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from runner.inside import strict_json

MOST_HEADER_BYTES = 256 * 1024
MOST_DEPTH = 12
#: Separators and brackets in a header: what is read from one takes some MiB at most.
MOST_VALUES = 64 * 1024
#: Bytes of a frame that a host accepts from a container unless it says otherwise.
MOST_FRAME_BYTES = 9 * 1024 * 1024
#: Moved by one read or write: small enough that the allocator has it at hand.
CHUNK_BYTES = 32 * 1024
_LENGTHS = struct.Struct(">II")
_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
#: A sign that a number may be too long; digits in a string are one, too, so the reader's rule decides.
_MANY_DIGITS = re.compile(rb"[0-9]{%d}" % (strict_json.MOST_NUMBER_CHARS // 2))


class FrameRefused(ValueError):
    """Bytes that are not a frame, or one over a cap."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its type, the other header fields, and a body."""

    type: str
    fields: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""


def encode(frame: Frame, *, room_bytes: int = 0) -> bytes:
    """The bytes of a frame, with `room_bytes` of its header left for who passes it on to add to.

    Raises FrameRefused for a header that no reader would take, TypeError for what JSON can't say.
    """
    fields = {**frame.fields, "t": frame.type}
    try:
        header = _ENCODER.encode(fields).encode()
    except (ValueError, RecursionError) as error:
        raise FrameRefused(f"a header that can't be sent: {error}") from None
    if len(header) > MOST_HEADER_BYTES - room_bytes:
        raise FrameRefused(f"a header of {len(header)} bytes")
    if strict_json.deeper_than(fields, MOST_DEPTH):
        raise FrameRefused(f"a header nested deeper than {MOST_DEPTH}")
    if len(header) > MOST_VALUES or _MANY_DIGITS.search(header):
        parse(header, b"")
    return _LENGTHS.pack(4 + len(header) + len(frame.body), len(header)) + header + frame.body


class FrameReader:
    """Cuts a byte stream into frames. Once it has refused anything it stays closed."""

    def __init__(self, most_bytes: int = MOST_FRAME_BYTES) -> None:
        self._most_bytes = most_bytes
        self._buffer = bytearray()
        self._refused = False

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Add bytes and give the frames that are complete. Raises FrameRefused."""
        if self._refused:
            raise FrameRefused("the stream was refused before")
        self._buffer += data
        while True:
            frame = self._next()
            if frame is None:
                return
            yield frame

    @property
    def pending_bytes(self) -> int:
        """Bytes of a frame that has begun and is not complete."""
        return len(self._buffer)

    def _next(self) -> Frame | None:
        if len(self._buffer) < _LENGTHS.size:
            return None
        length, header_length = _LENGTHS.unpack_from(self._buffer)
        if not 4 + header_length <= length <= self._most_bytes or header_length > MOST_HEADER_BYTES:
            raise self._refuse(f"a frame of {length} bytes with a header of {header_length}")
        end = 4 + length
        if len(self._buffer) < end:
            return None
        header = bytes(self._buffer[8 : 8 + header_length])
        body = bytes(self._buffer[8 + header_length : end])
        del self._buffer[:end]
        try:
            return parse(header, body)
        except FrameRefused as error:
            raise self._refuse(str(error)) from None

    def _refuse(self, reason: str) -> FrameRefused:
        self._refused = True
        self._buffer.clear()
        return FrameRefused(reason)


def parse(header: bytes, body: bytes) -> Frame:
    """A frame from its header and body. Raises FrameRefused."""
    try:
        fields = strict_json.loads(header, most_depth=MOST_DEPTH, most_values=MOST_VALUES)
    except ValueError as error:
        raise FrameRefused(f"a header that is not strict JSON: {error}") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("t"), str):
        raise FrameRefused("a header without a type")
    kind = fields.pop("t")
    return Frame(kind, fields, body)
