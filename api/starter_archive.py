"""`starter.zip`: what a candidate downloads. Pure: the same starter gives the same bytes, whenever and wherever.

One top folder named after the challenge, which the submission rules take off again. Stored, not deflated: another zlib
would give other bytes, and a starter is small.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass

from runner.packages.package import Files

_EPOCH = (1980, 1, 1, 0, 0, 0)
_REGULAR_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class StarterArchive:
    """The zip's bytes, and an ETag (without quotes) that changes with them."""

    data: bytes
    etag: str


def pack_starter(slug: str, starter: Files) -> StarterArchive:
    """The starter as a zip under the one folder `slug`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(starter):
            info = zipfile.ZipInfo(f"{slug}/{path}", _EPOCH)
            info.create_system = 3  # Unix: readers then take the mode below
            info.external_attr = _REGULAR_FILE
            archive.writestr(info, starter[path])
    data = buffer.getvalue()
    return StarterArchive(data, hashlib.sha256(data).hexdigest()[:32])
