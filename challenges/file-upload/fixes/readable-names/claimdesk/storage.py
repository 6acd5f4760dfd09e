"""The files themselves, below EVIDENCE_DIR: photos in a folder for each claim, estimates in one for all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from flask import current_app, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from claimdesk.errors import ApiError
from claimdesk.extensions import db
from claimdesk.models import Attachment

SIGNATURES = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"%PDF-", 0, "application/pdf"),
)
ACCEPTED = {"photo": ("image/jpeg", "image/png", "image/webp"), "estimate": ("application/pdf",)}
LIMITS = {"photo": "MAX_PHOTO_BYTES", "estimate": "MAX_ESTIMATE_BYTES"}


@dataclass(frozen=True)
class NewFile:
    """An upload that was checked: what a row needs to know, and the path once it is written."""

    upload: FileStorage
    name: str
    content_type: str
    size: int
    path: str = ""


def check(role: str, upload: FileStorage) -> NewFile:
    """Look at an upload without storing it. Raises ApiError 413 or 415."""
    size = upload.stream.seek(0, os.SEEK_END)
    upload.stream.seek(0)
    if size > current_app.config[LIMITS[role]]:
        raise ApiError(413, "too_large", f"The {role} is too large.")
    content_type = sniff(upload.stream)
    upload.stream.seek(0)
    if content_type not in ACCEPTED[role]:
        raise ApiError(415, "unsupported_type", f"The {role} is not of a kind that we take.")
    return NewFile(upload, _last_part(upload.filename), content_type, size)


def sniff(stream: IO[bytes]) -> str:
    """The content type by the next bytes of a stream."""
    head = stream.read(12)
    if head[0:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    for signature, start, content_type in SIGNATURES:
        if head[start : start + len(signature)] == signature:
            return content_type
    return "application/octet-stream"


def write_all(files: Sequence[NewFile], folder: str) -> list[NewFile]:
    """Write checked files, all or none, each under a name that nothing has."""
    written: list[NewFile] = []
    try:
        for file in files:
            path = _claim_a_name(folder, file.name)
            written.append(replace(file, path=path))
            with open(full_path(path), "r+b") as target:
                while chunk := file.upload.stream.read(64 * 1024):
                    target.write(chunk)
    except BaseException:
        remove_all(written)
        raise
    return written


def remove_all(files: Sequence[NewFile]) -> None:
    for file in files:
        full_path(file.path).unlink(missing_ok=True)


def full_path(path: str) -> Path:
    """A path relative to EVIDENCE_DIR as an absolute one."""
    return Path(current_app.config["EVIDENCE_DIR"], path)


def forget(path: str) -> None:
    """Remove a file when the last row that has it is gone."""
    if not db.session.query(Attachment).filter_by(path=path).count():
        full_path(path).unlink(missing_ok=True)


def send(path: Path, role: str) -> ResponseReturnValue:
    """Answer with a file as what its first bytes say."""
    with path.open("rb") as file:
        content_type = sniff(file)
    if content_type not in ACCEPTED[role]:
        content_type = "application/octet-stream"
    response = send_file(path, mimetype=content_type, as_attachment=content_type == "application/octet-stream")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _last_part(filename: str | None) -> str:
    name = (filename or "").replace("\\", "/").rpartition("/")[2]
    return name if name.strip(".") or len(name) > 2 else "unnamed"


def _claim_a_name(folder: str, name: str) -> str:
    """Make an empty file, named like the upload as far as that is safe, and numbered where that is taken."""
    stem, extension = os.path.splitext(secure_filename(name) or "unnamed")
    full_path(folder).mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        suffix = "" if number == 1 else f"-{number}"
        path = f"{folder}/{stem[:80]}{suffix}{extension[:10]}"
        try:
            full_path(path).touch(exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return path
