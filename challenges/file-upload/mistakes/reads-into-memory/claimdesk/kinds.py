"""What a file is, by its first bytes."""

from __future__ import annotations

from typing import BinaryIO

PHOTO_TYPES = {"image/jpeg", "image/png", "image/webp"}
ESTIMATE_TYPES = {"application/pdf"}
_HEAD_BYTES = 12


def content_type_of(stream: BinaryIO) -> str | None:
    """The content type of what is in a stream, which is left at its start; None for what is none of ours."""
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    stream.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    return None
