"""Short ways to build what attacks send, over the builders of the tests of honest uploads."""

from __future__ import annotations

import gzip
import struct
import tarfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from runner.submissions.uploads import ArchiveUpload, PatchUpload
from tests.adversarial.uploads.model import EVIL, Disk, Form
from tests.submissions.builders import raw_tar_gz, tar_header, tar_members, zip_member, zip_raw

UTF8 = 0x800
END = b"\0" * 1024
GIT = "diff --git a/{path} b/{path}\n"
NAMES = "--- a/{path}\n+++ b/{path}\n"
CHANGE = "@@ -1,3 +1,3 @@\n def show():\n-    return None\n+    return EVIL\n \n"
VIEWS = "app/views.py"

Build = Callable[[], ArchiveUpload]


def zipped(*names: str | bytes, content: bytes = EVIL, **options: object) -> Build:
    """A zip of files by these names, told to the byte."""

    def build() -> ArchiveUpload:
        members: list[tuple[bytes, bytes]] = []
        at = 0
        for name in names:
            raw = name.encode("utf-8", "surrogateescape") if isinstance(name, str) else name
            members.append(zip_member(raw, content, flags=UTF8, offset=at, **options))  # type: ignore[arg-type]
            at += len(members[-1][0])
        return ArchiveUpload(zip_raw(*members))

    return build


def tarred(*names: str, content: bytes = EVIL) -> Build:
    """A .tar.gz of files by these names."""
    return lambda: ArchiveUpload(tar_members([(tarfile.TarInfo(name), content) for name in names]))


def tar_special(*members: tuple[str, bytes, str, bytes]) -> Build:
    """A .tar.gz of members (name, type, link's target, content)."""

    def build() -> ArchiveUpload:
        made = []
        for name, kind, target, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            made.append((info, content))
        return ArchiveUpload(tar_members(made))

    return build


def tar_blocks(*blocks: bytes, behind: bytes = b"") -> Build:
    """A .tar.gz of raw blocks, with more behind the gzip stream."""
    return lambda: ArchiveUpload(raw_tar_gz(*blocks) + behind)


def pax(record: bytes, kind: bytes = b"x") -> tuple[bytes, bytes]:
    """An extended header with one record, its length right."""
    length = len(record) + 3
    body = b"%d %s" % (length, record)
    while len(body) != length:
        length = len(body)
        body = b"%d %s" % (length, record)
    return tar_header(b"pax", len(body), kind), body


def raw_zip(make: Callable[[], bytes]) -> Build:
    """A zip as `make` gives it."""
    return lambda: ArchiveUpload(make())


def deflated(data: bytes) -> bytes:
    """The raw deflate stream of some data."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def patched(text: str | bytes, path: str = VIEWS) -> Callable[[], PatchUpload]:
    """A patch; `{path}` stands for the path."""
    data = text.replace("{path}", path).encode() if isinstance(text, str) else text
    return lambda: PatchUpload(data)


def new_file(path: str) -> Callable[[], PatchUpload]:
    """A patch that makes a file by this name."""
    return patched(GIT + "new file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+EVIL = 1\n", path)


def on_disk(lay: Callable[[Path], None]) -> Callable[[], Disk]:
    """A folder."""
    return lambda: Disk(lay)


def part(name: str | None, value: bytes, filename: str | None = None) -> bytes:
    """One part of a form."""
    head = "form-data" + (f'; name="{name}"' if name is not None else "")
    head += f'; filename="{filename}"' if filename is not None else ""
    return b"--b\r\nContent-Disposition: " + head.encode() + b"\r\n\r\n" + value + b"\r\n"


def form(*parts: bytes) -> Callable[[], Form]:
    """A multipart form."""
    return lambda: Form(b"".join(parts) + b"--b--\r\n")


def zip_end(count: int, size: int, offset: int, comment: bytes = b"") -> bytes:
    """An end-of-central-directory record."""
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, offset, len(comment)) + comment


def gzip_bomb(total_bytes: int) -> bytes:
    """A gzip of so many zeros."""
    return gzip.compress(bytes(total_bytes), 1)


def rows(
    threat: str,
    stopped_by: str,
    editable: tuple[str, ...],
    table: Sequence[tuple[str, str, str, Callable[[], object], str | None]],
) -> list[tuple[str, str, str, str, str, Callable[[], object], str | None, tuple[str, ...]]]:
    """Rows (name, tries, precedent, build, reason) with what they have in common put in."""
    return [
        (name, tries, threat, precedent, stopped_by, build, reason, editable)
        for name, tries, precedent, build, reason in table
    ]
