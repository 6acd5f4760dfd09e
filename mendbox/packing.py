"""Packs changed files as a candidate would: .zip, .tar.gz or .patch."""

from __future__ import annotations

import difflib
import io
import secrets
import tarfile
import zipfile
from pathlib import Path

from runner.packages.package import Files

FORMS = ("zip", "tar.gz", "patch")


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
            archive.writestr(path, data)
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
