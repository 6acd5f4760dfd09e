"""The one wire format between host and containers: frames over a byte stream.

    4 bytes  N, length of what follows, big-endian
    4 bytes  H, length of the header
    H bytes  header: one JSON object, UTF-8, with a string under "t" (the frame's type)
    N-4-H    body: raw bytes (a request's or answer's body, file contents, output)

Every length is checked against a cap before anything is allocated for it. Headers are strict JSON: no NaN, no duplicate
keys, at most `MOST_DEPTH` levels. Both ends use this module; neither trusts the other to.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_HEADER_BYTES = 256 * 1024
MOST_DEPTH = 12
#: Bytes of a frame that a host accepts from a container unless it says otherwise.
MOST_FRAME_BYTES = 9 * 1024 * 1024
#: Moved by one read or write: small enough that the allocator has it at hand.
CHUNK_BYTES = 32 * 1024
_LENGTHS = struct.Struct(">II")


class FrameRefused(ValueError):
    """Bytes that are not a frame, or one over a cap."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its type, the other header fields, and a body."""

    type: str
    fields: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""


def encode(frame: Frame) -> bytes:
    """The bytes of a frame."""
    header = json.dumps({"t": frame.type, **frame.fields}, separators=(",", ":")).encode()
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
        fields = json.loads(header, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise FrameRefused(f"a header that is not strict JSON: {error}") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("t"), str):
        raise FrameRefused("a header without a type")
    if _depth(fields) > MOST_DEPTH:
        raise FrameRefused(f"a header nested deeper than {MOST_DEPTH}")
    kind = fields.pop("t")
    return Frame(kind, fields, body)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key twice")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    depth = 0
    level = [value]
    while level and depth <= MOST_DEPTH:
        depth += 1
        level = [
            child
            for item in level
            if isinstance(item, (dict, list))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return depth
