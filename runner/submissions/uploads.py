"""What a candidate can send: an archive, a patch, or a directory that was read already."""

from __future__ import annotations

from dataclasses import dataclass

from runner.errors import SubmissionRejected
from runner.submissions.paths import shown

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
GZIP_MAGIC = b"\x1f\x8b"
_ARCHIVES = (".zip", ".gz", ".tgz")
_OTHER_MAGICS = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "rar",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or, where `data` is None, one folder, under the name it was sent with."""

    path: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class ArchiveUpload:
    """A .zip or .tar.gz as sent; which of them is told by its first bytes, never by the name."""

    data: bytes
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class PatchUpload:
    """A unified diff against the starter."""

    data: bytes


@dataclass(frozen=True, slots=True)
class DirectoryUpload:
    """The content of a folder; `left_out` names what was not read because tools leave it behind."""

    entries: tuple[Entry, ...]
    left_out: tuple[str, ...] = ()


Upload = ArchiveUpload | PatchUpload | DirectoryUpload


def upload_of(data: bytes, filename: str | None = None) -> ArchiveUpload | PatchUpload:
    """Tell archive from patch by content. Raises SubmissionRejected for other archives and for what is neither."""
    if not data:
        raise SubmissionRejected("the upload is empty", hint="send a .zip, .tar.gz or .patch of your changes")
    if data.startswith((*ZIP_MAGICS, GZIP_MAGIC)):
        return ArchiveUpload(data, filename)
    for magic, name in _OTHER_MAGICS.items():
        if data.startswith(magic):
            raise SubmissionRejected(f"{name} archives are not taken", hint="send a .zip, .tar.gz or .patch")
    if filename and filename.lower().endswith(_ARCHIVES):
        raise SubmissionRejected(
            "it has the name of an archive, and is none: it may be damaged", path=shown(filename), hint="pack it again"
        )
    if b"\0" in data[:8192]:
        raise SubmissionRejected("the upload is neither an archive nor a patch", hint="send a .zip, .tar.gz or .patch")
    return PatchUpload(data)
