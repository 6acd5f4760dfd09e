"""Reads a fix from disk, and packs changed files as a candidate would: .zip, .tar.gz or .patch."""

from __future__ import annotations

import difflib
import io
import secrets
import tarfile
import zipfile
from pathlib import Path

from runner.limits import SubmissionLimits
from runner.packages.finder import own_files
from runner.packages.package import Files
from runner.submissions.directory import read_upload
from runner.submissions.uploads import ArchiveUpload, DirectoryUpload, PatchUpload, Upload

FORMS = ("zip", "tar.gz", "patch")


def read_fix(path: Path, slug: str, limits: SubmissionLimits | None = None) -> Upload:
    """What lies at `path`, to be sent to the challenge `slug`. Raises SubmissionRejected when it can't be read."""
    return read_upload(path, limits or SubmissionLimits(), without=own_files(path, slug))


def form_of(upload: Upload, name: str) -> tuple[str, str, bytes]:
    """Form field, file name and bytes for an upload that lay on disk as `name`."""
    match upload:
        case PatchUpload(data):
            return "patch", name, data
        case ArchiveUpload(data):
            return "archive", name, data
        case DirectoryUpload(entries):
            files = {entry.path: entry.data for entry in entries if entry.data is not None}
            return "archive", f"{name}.zip", _zip(files)


def pack(files: Files, starter: Files, form: str, folder: Path) -> Path:
    """A file of the given form in `folder` that holds `files`."""
    match form:
        case "zip":
            data = _zip(files)
        case "tar.gz":
            data = _tar(files)
        case _:
            data = _patch(files, starter)
    path = folder / f"{secrets.token_hex(6)}.{form}"
    path.write_bytes(data)
    return path


def _zip(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _tar(files: Files) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, data in sorted(files.items()):
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def _patch(files: Files, starter: Files) -> bytes:
    parts: list[bytes] = []
    for path, data in sorted(files.items()):
        before = starter.get(path)
        old = b"/dev/null" if before is None else f"a/{path}".encode()
        lines = difflib.diff_bytes(
            difflib.unified_diff,
            (before or b"").splitlines(keepends=True),
            data.splitlines(keepends=True),
            old,
            f"b/{path}".encode(),
        )
        for line in lines:
            parts.append(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n")
    return b"".join(parts)
