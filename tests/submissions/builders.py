"""Builds uploads for the tests, honest ones with the standard library and dishonest ones by hand."""

from __future__ import annotations

import difflib
import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.submissions.model import Submission
from runner.submissions.normalise import normalise
from runner.submissions.uploads import ArchiveUpload, DirectoryUpload, Entry, PatchUpload, Upload

LIMITS = SubmissionLimits()
STARTER: Mapping[str, bytes] = {
    "app/__init__.py": b"from app import views\n",
    "app/views.py": b"def show():\n    return None\n\n\ndef other():\n    return 1\n",
    "app/crlf.py": b"a = 1\r\nb = 2\r\n",
    "app/noeol.py": b"x = 1\ny = 2",
    "tests/test_views.py": b"def test_show():\n    assert True\n",
    "README.md": b"# App\n",
}
EDITABLE = ("app/**", "extra/**")


def normal(upload: Upload, *, limits: SubmissionLimits = LIMITS, editable: tuple[str, ...] = EDITABLE) -> Submission:
    """Normalise against the tests' starter."""
    return normalise(upload, STARTER, editable, "my-app", limits)


def rejection(upload: Upload | Callable[[], Upload], **options: object) -> SubmissionRejected:
    """The rejection that normalising must end in."""
    try:
        submission = normal(upload() if callable(upload) else upload, **options)  # type: ignore[arg-type]
    except SubmissionRejected as error:
        if not error.hint:
            raise AssertionError(f"no hint: {error}") from error
        return error
    raise AssertionError(f"accepted: {submission.paths}")


def zip_of(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An ordinary zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path), data, method)
    return buffer.getvalue()


def tar_members(members: Iterable[tuple[tarfile.TarInfo, bytes]], tar_format: int = tarfile.PAX_FORMAT) -> bytes:
    """A .tar.gz of the given members."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=tar_format, compresslevel=1) as archive:
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def tar_of(files: Mapping[str, bytes], tar_format: int = tarfile.PAX_FORMAT) -> bytes:
    """An ordinary .tar.gz."""
    return tar_members([(tarfile.TarInfo(path), data) for path, data in files.items()], tar_format)


def tar_with(path: str, kind: bytes, link: str = "") -> bytes:
    """A .tar.gz with one member of a kind."""
    info = tarfile.TarInfo(path)
    info.type = kind
    info.linkname = link
    return tar_members([(info, b"")])


def raw_tar_gz(*blocks: bytes) -> bytes:
    """A .tar.gz of raw blocks, each padded."""
    return gzip.compress(b"".join(block.ljust(-(-len(block) // 512) * 512, b"\0") for block in blocks))


def tar_header(name: bytes, size: int = 0, kind: bytes = b"0", magic: bytes = b"ustar\x0000") -> bytes:
    """One tar header block with a right checksum."""
    block = bytearray(512)
    block[: len(name)] = name
    block[100:107] = b"0000644"
    block[124:135] = b"%011o" % size
    block[156:157] = kind
    block[257:265] = magic
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def archive(files: Mapping[str, bytes]) -> ArchiveUpload:
    """The files as a zip upload."""
    return ArchiveUpload(zip_of(files))


def directory(files: Mapping[str, bytes]) -> DirectoryUpload:
    """The files as a directory that was read."""
    return DirectoryUpload(tuple(Entry(path, data) for path, data in files.items()))


def patch(text: str | bytes) -> PatchUpload:
    """A patch upload."""
    return PatchUpload(text.encode() if isinstance(text, str) else text)


def _lines(data: bytes) -> list[bytes]:
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def diff_of(files: Mapping[str, bytes]) -> bytes:
    """A git-style patch from the starter to the files, made by the standard library's differ."""
    out: list[bytes] = []
    for path, data in files.items():
        old = STARTER.get(path)
        if old == data:
            continue
        out.append(f"diff --git a/{path} b/{path}\n".encode())
        if old is None:
            out.append(b"new file mode 100644\nindex 0000000..1234567\n")
        before, after = _lines(old or b""), _lines(data)
        body = difflib.diff_bytes(
            difflib.unified_diff, before, after, b"/dev/null" if old is None else b"a/" + path.encode(),
            b"b/" + path.encode(), lineterm=b"\n",
        )  # fmt: skip
        for line in body:
            out.append(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n")
    return b"".join(out)


def zip_member(
    name: bytes,
    data: bytes = b"x = 1\n",
    *,
    local_name: bytes | None = None,
    flags: int = 0,
    method: int = 0,
    packed: bytes | None = None,
    size: int | None = None,
    crc: int | None = None,
    mode: int = 0o100644,
    extra: bytes = b"",
    offset: int = 0,
    descriptor: bytes = b"",
    local_sizes: tuple[int, int, int] | None = None,
) -> tuple[bytes, bytes]:
    """The local part and the directory's part of one member, each field at will."""
    body = data if packed is None else packed
    crc = zlib.crc32(data) if crc is None else crc
    size = len(data) if size is None else size
    own = local_sizes or (crc, len(body), size)
    shown = name if local_name is None else local_name
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, flags, method, 0, 33, *own, len(shown), len(extra))
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 0x0314, 20, flags, method, 0, 33, crc, len(body), size, len(name), len(extra),
        0, 0, 0, mode << 16, offset,
    )  # fmt: skip
    return local + shown + extra + body + descriptor, central + name + extra


def zip_raw(*members: tuple[bytes, bytes], before: bytes = b"", after: bytes = b"", count: int | None = None) -> bytes:
    """A zip put together from parts; the offsets in the parts are taken as they are."""
    local = b"".join(member[0] for member in members)
    central = b"".join(member[1] for member in members)
    total = len(members) if count is None else count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, total, total, len(central), len(before + local), 0)
    return before + local + central + end + after
