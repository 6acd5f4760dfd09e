"""Attacks by what an archive is. To add one, add a row: (name, tries, precedent, build, reason)."""

# ruff: noqa: E501  a row is read as a row

from __future__ import annotations

import gzip
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

from tests.adversarial.uploads.builders import (
    END,
    deflated,
    gzip_bomb,
    on_disk,
    pax,
    raw_zip,
    rows,
    tar_blocks,
    tar_special,
    tarred,
    zip_end,
    zipped,
)
from tests.adversarial.uploads.model import EVIL, UploadAttack
from tests.submissions.builders import EDITABLE, tar_header, tar_of, zip_member, zip_of, zip_raw

_LINKS = "symlinks, hard links, devices, FIFOs, link chains"
_KINDS = "overlapping, encrypted, bz2, lzma, zstd members"
_LIES = "lying sizes, duplicate names"
_TWO = "a polyglot; a truncated archive"
_BOMBS = "zip, gzip and JSON bombs"
NAME = b"app/new.py"
_CHAIN = [(f"l{n}", tarfile.SYMTYPE, f"l{n - 1}/.." if n else "..", b"") for n in range(3)]


def _link_to_canary(folder: Path) -> None:
    (folder / "app").mkdir()
    (folder / "app" / "stolen.py").symlink_to("../../canary.txt")


def _link_to_folder(folder: Path) -> None:
    (folder / "app").symlink_to("..")


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def _overlap() -> bytes:
    first = zip_member(NAME, EVIL * 9)
    return zip_raw(first, (b"", first[1].replace(NAME, b"app/two.py")))


def _nested() -> bytes:
    inner = zip_member(b"app/in.py", EVIL)
    outer = zip_member(NAME, inner[0])
    moved = zip_member(b"app/in.py", EVIL, offset=len(outer[0]) - len(inner[0]))
    return zip_raw(outer, (b"", moved[1]))


def _gap(before: bytes = b"", between: bytes = b"", behind: bytes = b"") -> bytes:
    first = zip_member(NAME, EVIL, offset=len(before))
    second = zip_member(b"app/two.py", offset=len(before + first[0] + between))
    return zip_raw((first[0] + between, first[1]), (second[0] + behind, second[1]), before=before)


def _two_ends() -> bytes:
    """Whoever looks for the end from the back finds one directory, whoever looks from the front another."""
    seen, other = zip_member(NAME, b"honest = 1\n"), zip_member(b"app/two.py", EVIL)
    second = zip_member(b"app/two.py", EVIL, offset=len(seen[0]))
    at = len(seen[0] + other[0])
    inner = zip_end(1, len(second[1]), at + len(seen[1]) + 22)
    outer = zip_end(1, len(seen[1]), at, second[1] + inner)
    return seen[0] + other[0] + seen[1] + outer


def _renamed_by_extra() -> bytes:
    other = b"app/two.py"
    extra = struct.pack("<HHBL", 0x7075, 5 + len(other), 1, zlib.crc32(NAME)) + other
    return zip_raw(zip_member(NAME, EVIL, extra=extra))


def _other_method() -> bytes:
    local, central = zip_member(NAME, EVIL, method=8, packed=deflated(EVIL))
    return zip_raw((local[:8] + b"\0\0" + local[10:], central))


def _second_descriptor() -> bytes:
    tail = struct.pack("<3L", zlib.crc32(EVIL), 1, 1)
    return zip_raw(zip_member(NAME, EVIL, flags=8, local_sizes=(0, 0, 0), descriptor=tail))


def _zip64() -> bytes:
    extra = struct.pack("<HHQQ", 1, 16, len(EVIL), len(EVIL))
    return zip_raw(zip_member(NAME, EVIL, size=0xFFFFFFFF, extra=extra))


def _member(**options: object) -> bytes:
    return zip_raw(zip_member(NAME, EVIL, **options))  # type: ignore[arg-type]


def _prefixed(prefix: bytes) -> bytes:
    header = bytearray(tar_header(b"x.py", len(EVIL), magic=b"ustar  \0"))
    header[345 : 345 + len(prefix)] = prefix
    return _summed(header)


def _owned(owner: bytes, size: int) -> bytes:
    header = bytearray(tar_header(NAME, size))
    header[108:116] = owner
    return _summed(header)


def _size_behind_nul(size: int) -> bytes:
    header = bytearray(tar_header(NAME))
    header[124:136] = b"\0%010o\0" % size
    return _summed(header)


def _summed(header: bytearray) -> bytes:
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def _hidden_tar() -> bytes:
    return tar_of({"app/two.py": EVIL})


_TABLE = [
    *rows(_LINKS, "regular files only", EDITABLE, [
        ("symlink-in-a-zip", "to have the host read what a link points to", "CVE-2024-28185", zipped(
            "app/stolen.py", content=b"../../canary.txt", mode=stat.S_IFLNK | 0o777), "symbolic link"),
        ("symlink-in-a-tar", "the same in a tar", "CVE-2024-28185", tar_special(
            ("app/stolen.py", tarfile.SYMTYPE, "../../canary.txt", b"")), "symbolic link"),
        ("hard-link-in-a-tar", "to change a file by its second name", "", tar_special(
            ("app/stolen.py", tarfile.LNKTYPE, "../canary.txt", b"")), "hard link"),
        ("file-below-a-symlink", "to write through a folder that is a link", "CVE-2021-32803", tar_special(
            ("app/d", tarfile.SYMTYPE, "../..", b""), ("app/d/up.py", tarfile.REGTYPE, "", EVIL)), "symbolic link"),
        ("file-below-a-symlink-in-a-zip", "the same in a zip", "CVE-2018-1000544", raw_zip(lambda: zip_raw(
            link := zip_member(b"app/d", b"../..", mode=stat.S_IFLNK | 0o777),
            zip_member(b"app/d/up.py", EVIL, offset=len(link[0])))), "symbolic link"),
        ("chain-of-links", "links that lead out together and not one by one", "CVE-2025-4517", tar_special(
            *_CHAIN, ("l2/up.py", tarfile.REGTYPE, "", EVIL)), "symbolic link"),
        ("fifo", "to have a reader wait for ever", "", tar_special(("app/x.py", tarfile.FIFOTYPE, "", b"")), "FIFO"),
        ("character-device", "a device of the host", "", tar_special(("app/x.py", tarfile.CHRTYPE, "", b"")), "device"),
        ("block-device", "a disk of the host", "", tar_special(("app/x.py", tarfile.BLKTYPE, "", b"")), "device"),
        ("device-in-a-zip", "a device of the host", "", zipped(NAME, content=b"", mode=stat.S_IFCHR | 0o666), "neither a file"),
        ("symlink-on-disk", "to have a directory's reader follow a link", "CVE-2024-28185", on_disk(_link_to_canary), "symbolic link"),
        ("linked-folder-on-disk", "the same by a folder", "", on_disk(_link_to_folder), "symbolic link"),
        ("fifo-on-disk", "to have a directory's reader wait for ever", "", on_disk(_fifo), "neither a file"),
    ]),
    *rows(_KINDS, "one meaning of a zip", EDITABLE, [
        ("overlapping-members", "many files of the bytes of one", "CVE-2019-13232", raw_zip(_overlap), "another name|overlaps"),
        ("member-inside-another", "a file that one reader sees and another not", "CVE-2024-0450", raw_zip(_nested), "overlaps"),
        ("encrypted-member", "what a scanner can't read", "", raw_zip(lambda: _member(flags=1)), "encrypted"),
        ("folder-with-content", "a file that is taken for a folder", "", raw_zip(
            lambda: zip_raw(zip_member(NAME + b"/", EVIL, mode=0))), "folder with content"),
        ("folder-by-mode-alone", "a file for one reader, a folder for another", "", raw_zip(
            lambda: _member(mode=stat.S_IFDIR | 0o755)), "by mode"),
        ("newer-version-of-the-format", "what other readers refuse", "", raw_zip(
            lambda: (data := _member())[: (at := data.index(b"PK\x01\x02")) + 6] + b"\x40" + data[at + 7 :]), "newer version"),
    ]),
    *rows(_KINDS, "stored and deflated only", EDITABLE, [
        ("bzip2-member", "a packer with other bombs", "", raw_zip(
            lambda: zip_of({"app/new.py": EVIL}, zipfile.ZIP_BZIP2)), "bzip2"),
        ("zstd-member", "the same", "", raw_zip(lambda: _member(method=93)), "zstd"),
        ("lzma-member", "the same", "", raw_zip(lambda: zip_of({"app/new.py": EVIL}, zipfile.ZIP_LZMA)), "lzma|feature"),
    ]),
    *rows(_LIES, "one meaning of a zip", EDITABLE, [
        ("size-that-is-too-small", "more bytes than were checked", "", raw_zip(lambda: _member(size=1)), "not as large"),
        ("size-that-is-too-large", "memory for bytes that never come", "", raw_zip(lambda: _member(size=10**6)), "not as large"),
        ("wrong-checksum", "content that was changed on the way", "", raw_zip(lambda: _member(crc=1)), "checksum"),
        ("bytes-behind-a-deflate-stream", "a file in the slack", "", raw_zip(
            lambda: _member(method=8, packed=deflated(EVIL) + EVIL)), "not as large"),
        ("two-names-for-one-member", "another name in the member's own header", "CVE-2013-4787", raw_zip(
            lambda: _member(local_name=b"app/two.py")), "another name"),
        ("two-sizes-for-one-member", "another size in the member's own header", "CVE-2025-54368", raw_zip(
            lambda: _member(local_sizes=(0, 6, 6))), "in its own header"),
        ("two-methods-for-one-member", "another packing in the member's own header", "", raw_zip(_other_method), "packed otherwise"),
        ("name-in-an-extra-field", "a third name for a member", "CVE-2025-54368", raw_zip(_renamed_by_extra), "another name"),
        ("descriptor-that-lies", "another size behind the member", "", raw_zip(_second_descriptor), "behind it"),
        ("zip64-sizes", "a second set of sizes", "CVE-2025-8291", raw_zip(_zip64), "zip64"),
        ("two-directories", "one list of files for the check, another for the run", "CVE-2025-54368", raw_zip(_two_ends),
         "more than its members|belongs to no member|before its first"),
    ]),
    *rows(_TWO, "one meaning of a zip", EDITABLE, [
        ("truncated-zip", "the first files of an archive that goes on", "", raw_zip(lambda: _member()[:-30]), "cut off"),
        ("zip-without-a-directory", "files that only a streaming reader sees", "", raw_zip(
            lambda: zip_member(NAME, EVIL)[0] + zip_end(0, 0, len(zip_member(NAME, EVIL)[0]))), "belongs to no member"),
        ("script-before-a-zip", "a file that is a program, too", "", raw_zip(lambda: _gap(before=b"#!/bin/sh\n")), "neither a .zip"),
        ("member-before-the-first", "a file that only a streaming reader sees", "", raw_zip(
            lambda: _gap(before=zip_member(b"app/hid.py", EVIL)[0])), "before its first member"),
        ("member-between-members", "the same further on", "", raw_zip(
            lambda: _gap(between=zip_member(b"app/hid.py", EVIL)[0])), "between its members"),
        ("member-before-the-directory", "the same at the end", "", raw_zip(
            lambda: _gap(behind=zip_member(b"app/hid.py", EVIL)[0])), "belongs to no member"),
        ("directory-with-more-than-it-counts", "files that a counting reader leaves out", "", raw_zip(
            lambda: zip_raw(first := zip_member(NAME, EVIL), zip_member(b"app/two.py", offset=len(first[0])), count=1)),
         "more than its members"),
    ]),
    *rows(_TWO, "one meaning of a tar", EDITABLE, [
        ("truncated-tar", "the first files of an archive that goes on", "", raw_zip(
            lambda: gzip.compress(tar_header(NAME, len(EVIL)) + EVIL.ljust(512, b"\0"))), "cut off"),
        ("files-after-a-tars-end", "files that a lenient reader sees", "", tar_blocks(
            tar_header(NAME, 2), b"1\n", END, tar_header(b"app/two.py", len(EVIL)), EVIL, END), "after its end"),
        ("second-gzip-member", "a second archive that a lenient reader sees", "", tar_blocks(
            tar_header(NAME, 2), b"1\n", END, behind=_hidden_tar()), "after its end"),
        ("path-for-a-whole-archive", "a name that comes before a member's own", "", tar_blocks(
            *pax(b"path=app/two.py\n", b"g"), tar_header(NAME, len(EVIL)), EVIL, END), "sets path"),
        ("size-in-an-extended-header", "another size than the header's", "CVE-2025-62518", tar_blocks(
            *pax(b"size=9\n"), tar_header(NAME, 0), EVIL, END), "sets size"),
        ("link-in-an-extended-header", "a target that no header shows", "", tar_blocks(
            *pax(b"linkpath=../../canary.txt\n"), tar_header(NAME, 0, b"2"), END), "sets linkpath"),
        ("sparse-file-in-an-extended-header", "a file of any size from no bytes", "", tar_blocks(
            *pax(b"GNU.sparse.major=1\n"), tar_header(NAME, len(EVIL)), EVIL, END), "sets GNU.sparse.major"),
        ("two-long-names", "a name that readers choose differently", "", tar_blocks(
            tar_header(b"././@LongLink", 11, b"L"), b"app/two.py\0", *pax(b"path=app/six.py\n"),
            tar_header(NAME, len(EVIL)), EVIL, END), "two long names"),
        ("binary-size", "a size that only some readers read", "", tar_blocks(
            (head := bytearray(tar_header(NAME, len(EVIL))))[:124] + b"\x80" + bytes(10) + bytes([len(EVIL)]) + head[136:148]
            + b"%06o\0 " % (sum(head[:124]) + 0x80 + len(EVIL) + sum(head[136:148]) + 256 + sum(head[156:])) + head[156:],
            EVIL, END), "no tar"),
        ("prefix-in-an-old-header", "a folder before the name that only some readers see", "", tar_blocks(
            _prefixed(b"app/evil"), EVIL, END), "different ways"),
        ("owner-that-is-no-number", "a header that some readers pass over, so that its content is a header to them", "", tar_blocks(
            _owned(b"000z644\0", 1024), tar_header(b"app/two.py", len(EVIL)), EVIL, END), "no tar"),
        ("size-behind-a-nul", "a size that readers which stop at NUL read as none, so that content is a header to them",
         "CVE-2025-62518", tar_blocks(_size_behind_nul(1024), tar_header(b"app/two.py", len(EVIL)), EVIL, END), "no tar"),
        ("folder-with-content-in-a-tar", "a file that is taken for a folder", "", tar_blocks(
            tar_header(b"app/x/", 1024, b"5"), tar_header(b"app/two.py", len(EVIL)), EVIL, END), "folder with content"),
    ]),
    *rows(_BOMBS, "extended headers are small", EDITABLE, [
        ("extended-header-of-8-mb", "an hour for one header, if each record is cut off the rest", "CWE-407", tar_blocks(
            tar_header(b"x", 8 << 20, b"x"), b"16 SCHILY.dev=1\n" * (1 << 19), tar_header(NAME, len(EVIL)), EVIL, END), "larger than any tool writes"),
        ("long-name-of-8-mb", "a name that is copied again and again", "", tar_blocks(
            tar_header(b"././@LongLink", 8 << 20, b"L"), b"x" * (8 << 20), tar_header(NAME, len(EVIL)), EVIL, END), "larger than any tool writes"),
    ]),
    *rows(_BOMBS, "real bytes are counted", EDITABLE, [
        ("zip-bomb", "8 MB from 8 KB", "CVE-2019-9674", raw_zip(lambda: zip_of({"app/bomb.py": bytes(8 << 20)})), "larger than"),
        ("zip-bomb-with-a-small-size", "the same, and it says that it is small", "CVE-2019-9674", raw_zip(
            lambda: _member(method=8, packed=deflated(bytes(8 << 20)), size=9)), "larger than"),
        ("zip-bomb-of-many-files", "the same by files that are small alone", "", raw_zip(
            lambda: zip_of({f"app/{n}.py": bytes(1_000_000) for n in range(8)})), "all files together"),
        ("gzip-bomb", "20 MB from 20 KB", "", raw_zip(lambda: gzip_bomb(20 << 20)), "unpacks to more than"),
        ("large-file-in-a-tar", "a file larger than may be", "", tarred("app/bomb.py", content=bytes(2 << 20)), "larger than"),
        ("bomb-in-what-is-left-out", "the same in a file that nobody keeps", "", tarred(
            *(f"app/{n}.pyc" for n in range(9)), content=bytes(2 << 20)), "unpacks to more than"),
        ("upload-of-3-mb", "a body larger than may be", "", zipped(NAME, content=os.urandom(3 << 20)), "upload is larger"),
    ]),
]  # fmt: skip
ATTACKS = tuple(UploadAttack(*row) for row in _TABLE)  # type: ignore[arg-type]
