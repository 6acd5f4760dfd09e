"""Reads a .zip strictly: one meaning or none.

A zip says everything twice (central directory and local headers), may hold bytes that neither mentions, and readers
disagree about which to believe. Here both must agree, the members and the directory must tile the file without
gap or overlap from its first byte to its last, and a member's real size and checksum must be the claimed ones.
Only stored and deflated regular files and folders are taken. Zip64 is refused: nothing that fits needs it.
"""

from __future__ import annotations

import stat
import struct
import zlib
from dataclasses import dataclass

from runner.errors import SubmissionRejected
from runner.submissions.collector import Collector
from runner.submissions.paths import shown

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_METHODS = {12: "bzip2", 14: "lzma", 93: "zstd", 95: "xz", 9: "deflate64", 99: "AES"}
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_DESCRIPTOR = 0x8
_UTF8 = 0x800
_KNOWN_FLAGS = 0x2 | 0x4 | _DESCRIPTOR | _UTF8
#: The format's version that a member may need, in tenths: the newest that other readers know.
_NEWEST_VERSION = 63
#: git archive writes a commit's id here; more would be room for another file.
_COMMENT_BYTES = 256
#: Extra fields that give a member another name or size than the one its headers show.
_RENAMING_EXTRAS = frozenset({0x0001, 0x7075})
_HINT = "pack it again with a common tool, as in: zip -r fix.zip ."


@dataclass(frozen=True, slots=True)
class _Member:
    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int

    @property
    def path(self) -> str:
        return self.name.decode("utf-8").removesuffix("/")

    @property
    def is_folder(self) -> bool:
        return self.name.endswith(b"/")


def _broken(reason: str, path: str | None = None) -> SubmissionRejected:
    return SubmissionRejected(reason, path=path, hint=_HINT)


def read_zip(data: bytes, collector: Collector) -> None:
    """Hand every member to `collector`. Raises SubmissionRejected for anything a strict reader can't stand."""
    start, end, total = _directory(data)
    if total > collector.limits.scanned_entries:
        raise SubmissionRejected(
            f"more than {collector.limits.scanned_entries} entries",
            hint="leave out .git, virtual environments and caches",
        )
    members = _members(data, start, end, total)
    _check_tiling(data, members, start)
    for member in members:
        path = member.path
        if not collector.wants(path, folder=member.is_folder):
            continue
        _check_kind(member, shown(path))
        if member.is_folder:
            collector.add_folder(path)
        else:
            collector.add_file(path, _unpack(data, member, collector.room_bytes))


def _directory(data: bytes) -> tuple[int, int, int]:
    """Where the central directory starts and ends, and how many members it says there are."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _END.size - _COMMENT_BYTES))
    if at < 0 or at + _END.size > len(data):
        raise _broken("the zip is cut off or has data after its end")
    _, disk, first_disk, here, total, size, offset, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data):
        raise _broken("the zip is cut off or has data after its end")
    if 0xFFFF in (disk, here, total) or 0xFFFFFFFF in (size, offset):
        raise _broken("zip64 archives are not taken")
    if disk or first_disk or here != total:
        raise _broken("the zip is one part of several")
    if offset + size != at:
        raise _broken("the zip has data that belongs to no member")
    return offset, at, total


def _members(data: bytes, start: int, end: int, total: int) -> list[_Member]:
    members: list[_Member] = []
    at = start
    for _ in range(total):
        if at + _CENTRAL.size > end or data[at : at + 4] != b"PK\x01\x02":
            raise _broken("the zip's directory is damaged")
        (
            _,
            _,
            version,
            flags,
            method,
            _,
            _,
            crc,
            packed,
            size,
            name_len,
            extra_len,
            comment_len,
            _,
            _,
            attributes,
            offset,
        ) = _CENTRAL.unpack_from(data, at)
        name_at = at + _CENTRAL.size
        name = data[name_at : name_at + name_len]
        extra = data[name_at + name_len : name_at + name_len + extra_len]
        at = name_at + name_len + extra_len + comment_len
        if at > end:
            raise _broken("the zip's directory is damaged")
        members.append(_Member(name, flags, method, crc, packed, size, attributes >> 16, offset))
        _check_form(members[-1], extra)
        if version & 0xFF > _NEWEST_VERSION:
            raise _broken("needs a newer version of the zip format", shown(members[-1].path))
    if at != end:
        raise _broken("the zip's directory holds more than its members")
    return members


def _check_form(member: _Member, extra: bytes) -> None:
    """What must hold of every member, also of one that is left out: otherwise its name or place is in doubt."""
    try:
        name = member.name.decode("utf-8" if member.flags & _UTF8 else "ascii")
    except UnicodeDecodeError:
        visible = shown(member.name.decode("utf-8", "backslashreplace"))
        raise _broken("the name is not marked as UTF-8, or is none", visible) from None
    path = shown(name)
    if member.flags & _ENCRYPTED:
        raise _broken("is encrypted", path)
    if member.flags & ~_KNOWN_FLAGS:
        raise _broken("uses a zip feature that is not taken", path)
    if member.method not in (_STORED, _DEFLATED):
        label = _METHODS.get(member.method, f"method {member.method}")
        raise _broken(f"is packed with {label}; only deflate and stored are taken", path)
    if 0xFFFFFFFF in (member.packed, member.size, member.offset):
        raise _broken("zip64 archives are not taken", path)
    if _extra_ids(extra, path) & _RENAMING_EXTRAS:
        raise _broken("has an extra field that gives it another name or size", path)


def _extra_ids(extra: bytes, path: str) -> set[int]:
    ids: set[int] = set()
    at = 0
    while at < len(extra):
        if at + 4 > len(extra):
            raise _broken("has a damaged extra field", path)
        kind, length = struct.unpack_from("<HH", extra, at)
        ids.add(kind)
        at += 4 + length
    if at != len(extra):
        raise _broken("has a damaged extra field", path)
    return ids


def _check_kind(member: _Member, path: str) -> None:
    kind = stat.S_IFMT(member.mode)
    if kind == stat.S_IFLNK:
        raise _broken("is a symbolic link", path)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _broken("is neither a file nor a folder", path)
    if (kind == stat.S_IFDIR and not member.is_folder) or (kind == stat.S_IFREG and member.is_folder):
        raise _broken("is a file by name and a folder by mode, or the other way round", path)
    if member.is_folder and member.size:
        raise _broken("is a folder with content", path)


def _check_tiling(data: bytes, members: list[_Member], directory: int) -> None:
    at = 0
    for index, member in enumerate(sorted(members, key=lambda each: each.offset)):
        path = shown(member.path)
        if member.offset < at:
            raise _broken("overlaps another member", path)
        if member.offset > at:
            where = "before its first member" if index == 0 else "between its members"
            raise _broken(f"the zip has data {where}", path)
        at = _end_of(data, member, directory, path)
        if at > directory:
            raise _broken("is cut off", path)
    if at != directory:
        raise _broken("the zip has data that belongs to no member")


def _data_at(data: bytes, member: _Member) -> int:
    *_, name_len, extra_len = _LOCAL.unpack_from(data, member.offset)
    return member.offset + _LOCAL.size + int(name_len) + int(extra_len)


def _end_of(data: bytes, member: _Member, directory: int, path: str) -> int:
    """Where a member ends, its local header checked against the directory's."""
    if member.offset + _LOCAL.size > directory or data[member.offset : member.offset + 4] != b"PK\x03\x04":
        raise _broken("is cut off", path)
    _, _, flags, method, _, _, crc, packed, size, name_len, extra_len = _LOCAL.unpack_from(data, member.offset)
    name_at = member.offset + _LOCAL.size
    if data[name_at : name_at + name_len] != member.name:
        raise _broken("has another name in its own header than in the directory", path)
    if (flags, method) != (member.flags, member.method):
        raise _broken("is packed otherwise than the directory says", path)
    if _extra_ids(data[name_at + name_len : name_at + name_len + extra_len], path) & _RENAMING_EXTRAS:
        raise _broken("has an extra field that gives it another name or size", path)
    claimed = (member.crc, member.packed, member.size)
    described = bool(flags & _DESCRIPTOR)
    if (crc, packed, size) != claimed and not (described and (crc, packed, size) == (0, 0, 0)):
        raise _broken("has another size or checksum in its own header than in the directory", path)
    end = name_at + int(name_len) + int(extra_len) + member.packed
    return end + _descriptor_bytes(data[end : end + 16], claimed, path) if described else end


def _descriptor_bytes(tail: bytes, claimed: tuple[int, int, int], path: str) -> int:
    plain = struct.pack("<3L", *claimed)
    for descriptor in (b"PK\x07\x08" + plain, plain):
        if tail.startswith(descriptor):
            return len(descriptor)
    raise _broken("has another size or checksum behind it than in the directory", path)


def _unpack(data: bytes, member: _Member, room: int) -> bytes:
    """The member's content; one byte more than `room` at most, for the collector to refuse."""
    path = shown(member.path)
    start = _data_at(data, member)
    packed = data[start : start + member.packed]
    if member.method == _STORED:
        content = packed
        whole = True
    else:
        inflate = zlib.decompressobj(-15)
        try:
            content = inflate.decompress(packed, room + 1)
        except zlib.error:
            raise _broken("is damaged", path) from None
        if len(content) > room:
            return content
        whole = inflate.eof and not inflate.unused_data and not inflate.unconsumed_tail
    if not whole or len(content) != member.size:
        raise _broken("is not as large as the zip says", path)
    if zlib.crc32(content) != member.crc:
        raise _broken("is damaged: its checksum does not fit", path)
    return content
