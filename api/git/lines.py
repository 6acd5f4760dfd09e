"""Git's packet lines: four hexadecimal digits of length, then what they count. Pure.

The form is that of git's documentation (gitprotocol-common, "pkt-line Format"; gitprotocol-pack, side bands).
"""

from __future__ import annotations

import re
import zlib

#: Ends a part of what is said.
FLUSH = b"0000"
#: The most that one line may hold, without its length.
MOST_BYTES = 65516
#: Side bands: what was asked for, what a person reads, and what ends everything.
DATA, PROGRESS, FATAL = 1, 2, 3
_LENGTH = re.compile(rb"[0-9a-fA-F]{4}")


class Malformed(Exception):
    """What was sent is not as git writes it."""


def line(content: bytes) -> bytes:
    """One packet line."""
    return b"%04x" % (len(content) + 4) + content


def band(number: int, content: bytes) -> bytes:
    """The content on a side band, in as many lines as it needs."""
    step = MOST_BYTES - 1
    pieces = [content[at : at + step] for at in range(0, len(content), step)]
    return b"".join(line(bytes((number,)) + piece) for piece in pieces)


def read_line(data: bytes, at: int) -> tuple[bytes | None, int]:
    """The line at `at` without its line end, None for a flush, and where what follows begins. Raises Malformed."""
    length_text = data[at : at + 4]
    if _LENGTH.fullmatch(length_text) is None:
        raise Malformed("a packet line has no length")
    length = int(length_text, 16)
    if length == 0:
        return None, at + 4
    if length < 4 or length > MOST_BYTES + 4 or at + length > len(data):
        raise Malformed("a packet line has a length that is none")
    return data[at + 4 : at + length].removesuffix(b"\n"), at + length


def lines_until_flush(data: bytes, most: int) -> tuple[list[bytes], int]:
    """The lines up to a flush, and where what follows begins. Raises Malformed, also for more than `most` lines."""
    lines: list[bytes] = []
    said, at = read_line(data, 0)
    while said is not None:
        lines.append(said)
        if len(lines) > most:
            raise Malformed(f"there are more than {most} packet lines")
        said, at = read_line(data, at)
    return lines, at


def inflated(body: bytes, most: int) -> bytes:
    """A gzip'd body as it was. Raises Malformed where it is damaged or is of more than `most` bytes."""
    inflate = zlib.decompressobj(31)
    try:
        content = inflate.decompress(body, most + 1)
    except zlib.error:
        raise Malformed("the gzip data is damaged") from None
    if len(content) > most:
        raise Malformed(f"the body unpacks to more than {most} bytes")
    if not inflate.eof or inflate.unused_data:
        raise Malformed("the gzip data is cut off, or has data after its end")
    return content
