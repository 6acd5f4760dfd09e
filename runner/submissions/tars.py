"""Reads a .tar.gz strictly, without ever unpacking to disk.

The gzip stream is inflated up to a cap, then read block by block. Regular files and folders are taken; links, devices,
FIFOs, sparse files and whatever changes a member's size or target by an extended header are refused. Long names come as
pax `path` records or as GNU long-name members: both are read, and nothing else is believed from extended headers.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from runner.errors import SubmissionRejected
from runner.submissions.collector import Collector
from runner.submissions.paths import shown

_BLOCK = 512
_STEP_BYTES = 64 * 1024
_HINT = "pack it again with a common tool, as in: tar -czf fix.tar.gz *"
#: Members that say something of the next one, or of all. Some hold access lists, none needs more.
_EXTENDED = (b"g", b"x", b"L")
_MOST_EXTENDED_BYTES = 64 * 1024
_ALL_EXTENDED_BYTES = 4 * 1024 * 1024
#: Nothing but blanks before a number: readers that stop at a NUL would read another one, or none.
_OCTAL = re.compile(rb" *([0-7]+)[ \0]*")
#: Mode, owner, group, time, device: they mean nothing here, but some readers take a damaged one for the archive's end.
_OTHER_NUMBERS = ((100, 108), (108, 116), (116, 124), (136, 148), (329, 337), (337, 345))
#: What GNU tar's binary numbers begin with.
_BINARY = (0x80, 0xFF)
_REFUSED_TYPES = {
    b"1": "is a hard link",
    b"2": "is a symbolic link",
    b"3": "is a device",
    b"4": "is a device",
    b"6": "is a FIFO",
    b"S": "is a sparse file",
}
#: pax records that say nothing about where a file goes or how large it is.
_HARMLESS = frozenset({"mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "comment"})
_HARMLESS_PREFIXES = (
    "LIBARCHIVE.creationtime",
    "LIBARCHIVE.xattr.",
    "SCHILY.xattr.",
    "SCHILY.acl.",
    "SCHILY.fflags",
    "SCHILY.dev",
    "SCHILY.ino",
    "SCHILY.nlink",
)


@dataclass(frozen=True, slots=True)
class _Header:
    name: bytes
    size: int
    kind: bytes


def _broken(reason: str, path: str | None = None) -> SubmissionRejected:
    return SubmissionRejected(reason, path=path, hint=_HINT)


def read_tar_gz(data: bytes, collector: Collector) -> None:
    """Hand every member to `collector`. Raises SubmissionRejected for anything a strict reader can't stand."""
    read_tar(_inflate(data, collector.limits.scanned_bytes), collector)


def _inflate(data: bytes, most_bytes: int) -> bytes:
    inflate = zlib.decompressobj(31)
    pieces: list[bytes] = []
    total = 0
    pending = data
    while not inflate.eof:
        try:
            piece = inflate.decompress(pending, _STEP_BYTES)
        except zlib.error:
            raise _broken("the gzip data is damaged") from None
        pending = inflate.unconsumed_tail
        if not piece and not pending and not inflate.eof:
            raise _broken("the archive is cut off")
        total += len(piece)
        if total > most_bytes:
            raise SubmissionRejected(
                f"the archive unpacks to more than {most_bytes} bytes",
                hint="leave out .git, virtual environments and caches",
            )
        pieces.append(piece)
    if inflate.unused_data:
        raise _broken("the archive has data after its end")
    return b"".join(pieces)


def read_tar(data: bytes, collector: Collector) -> None:
    """The same for the inflated tar."""
    at = 0
    extended_bytes = 0
    long_name: bytes | None = None
    while True:
        block = data[at : at + _BLOCK]
        if len(block) < _BLOCK:
            raise _broken("the archive is cut off")
        if not any(block):
            break
        header = _header(block)
        content_at = at + _BLOCK
        at = content_at + (header.size + _BLOCK - 1) // _BLOCK * _BLOCK
        if at > len(data):
            raise _broken("the archive is cut off")
        content = memoryview(data)[content_at : content_at + header.size]
        extended_bytes += header.size if header.kind in _EXTENDED else 0
        if (header.kind in _EXTENDED and header.size > _MOST_EXTENDED_BYTES) or extended_bytes > _ALL_EXTENDED_BYTES:
            raise _broken("has extended headers or long names that are larger than any tool writes")
        if header.kind == b"g":
            _pax_path(bytes(content), whole_archive=True)
        elif header.kind in (b"x", b"L"):
            if long_name is not None:
                raise _broken("a file has two long names")
            long_name = bytes(content).removesuffix(b"\0") if header.kind == b"L" else _pax_path(bytes(content))
        else:
            name = header.name if long_name is None else long_name
            long_name = None
            _member(name, header, content, collector)
    rest = len(data) - at
    if long_name is not None or rest < 2 * _BLOCK or data.count(0, at) != rest:
        raise _broken("the archive is cut off or has data after its end")


def _header(block: bytes) -> _Header:
    stated = _octal(block[148:156])
    if stated != sum(block) - sum(block[148:156]) + 8 * 0x20:
        raise _broken("the archive is no tar, or is damaged")
    if not all(_harmless_number(block[start:end]) for start, end in _OTHER_NUMBERS):
        raise _broken("the archive is no tar, or is damaged")
    name = block[:100].split(b"\0", 1)[0]
    prefix = block[345:500]
    if block[257:265] == b"ustar\x0000":
        prefix = prefix.split(b"\0", 1)[0]
        name = prefix + b"/" + name if prefix else name
    elif any(prefix):
        # GNU's own header may keep times there, which some readers take for the first part of a long name.
        raise _broken("has a header that readers read in different ways", shown(name.decode("utf-8", "replace")))
    return _Header(name, _octal(block[124:136]), block[156:157])


def _harmless_number(field: bytes) -> bool:
    return not field.strip(b" \0") or field[0] in _BINARY or _OCTAL.fullmatch(field) is not None


def _octal(field: bytes) -> int:
    number = _OCTAL.fullmatch(field)
    if number is None:
        raise _broken("the archive is no tar, or is damaged")
    return int(number[1], 8)


def _pax_path(content: bytes, *, whole_archive: bool = False) -> bytes | None:
    """The `path` record of an extended header, if there is one; every other record must be harmless."""
    path: bytes | None = None
    at = 0
    while at < len(content):
        # In place: to cut each record off would copy the rest of the header as often as it has records.
        blank = content.find(b" ", at, at + 8)
        length_text = content[at : max(at, blank)]
        if not length_text.isdigit():
            raise _broken("an extended header is damaged")
        end = at + int(length_text)
        record = content[blank + 1 : end]
        if end > len(content) or not record.endswith(b"\n") or b"=" not in record:
            raise _broken("an extended header is damaged")
        at = end
        key_bytes, _, value = record[:-1].partition(b"=")
        key = key_bytes.decode("utf-8", "backslashreplace")
        if key == "path" and not whole_archive and path is None:
            path = value
        elif key not in _HARMLESS and not key.startswith(_HARMLESS_PREFIXES):
            raise _broken(f"an extended header sets {shown(key)}, which is not taken")
    return path


def _member(name: bytes, header: _Header, content: memoryview, collector: Collector) -> None:
    try:
        # `tar -czf x.tar.gz .` writes every name with this prefix; it is tar's way to say "here".
        path = name.decode("utf-8").removeprefix("./")
    except UnicodeDecodeError:
        raise _broken("the name is not UTF-8", shown(name.decode("utf-8", "backslashreplace"))) from None
    folder = header.kind == b"5"
    if folder:
        path = path.removesuffix("/")
        if path in {"", "."} and name in {b"./", b"."}:
            return
    if not collector.wants(path, folder=folder):
        return
    visible = shown(path)
    if header.kind in _REFUSED_TYPES:
        raise _broken(_REFUSED_TYPES[header.kind], visible)
    if header.kind not in (b"0", b"\0", b"5"):
        raise _broken("is neither a file nor a folder", visible)
    if folder:
        if header.size:
            raise _broken("is a folder with content", visible)
        collector.add_folder(path)
    else:
        collector.add_file(path, bytes(content[: collector.room_bytes + 1]))
