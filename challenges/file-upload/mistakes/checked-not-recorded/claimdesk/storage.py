"""The files themselves. They are kept below EVIDENCE_DIR: photos in a folder for each claim, estimates in one for all.

What the sender calls a file is kept in the database and nowhere else; on disk it has a name of the system's choosing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from typing import BinaryIO

from flask import current_app, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from claimdesk.errors import ApiError
from claimdesk.extensions import db
from claimdesk.models import Attachment


@dataclass(frozen=True)
class Role:
    """What is asked of a file, by what it is for."""

    name: str
    types: tuple[str, ...]
    limit: str


PHOTO = Role("photo", ("image/jpeg", "image/png", "image/webp"), "MAX_PHOTO_BYTES")
ESTIMATE = Role("estimate", ("application/pdf",), "MAX_ESTIMATE_BYTES")


@dataclass(frozen=True)
class StoredFile:
    """What a row needs to know of a file that was stored."""

    name: str
    path: str
    content_type: str
    size: int


def full_path(path: str) -> str:
    """A path relative to EVIDENCE_DIR as an absolute one."""
    return os.path.join(current_app.config["EVIDENCE_DIR"], path)


def kind_of(stream: BinaryIO) -> str | None:
    """The content type by the first bytes, or None. The stream is at its start afterwards."""
    stream.seek(0)
    first = stream.read(12)
    stream.seek(0)
    match first[:4], first[8:12]:
        case b"RIFF", b"WEBP":
            return "image/webp"
        case b"%PDF", _ if first[4:5] == b"-":
            return "application/pdf"
    if first[:3] == bytes.fromhex("ffd8ff"):
        return "image/jpeg"
    if first[:8] == bytes.fromhex("89504e470d0a1a0a"):
        return "image/png"
    return None


def check(upload: FileStorage, role: Role) -> None:
    """Raises ApiError 413 or 415."""
    upload.stream.seek(0, os.SEEK_END)
    if upload.stream.tell() > current_app.config[role.limit]:
        raise ApiError(413, "too_large", f"The {role.name} is too large.")
    if kind_of(upload.stream) not in role.types:
        raise ApiError(415, "unsupported_type", f"This is no {role.name} that we can take.")


def write(upload: FileStorage, folder: str) -> StoredFile:
    """Store a file that was checked. A file that can't be written whole is removed again."""
    os.makedirs(full_path(folder), exist_ok=True)
    content_type = kind_of(upload.stream)
    descriptor, target = tempfile.mkstemp(dir=full_path(folder))
    try:
        with os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(upload.stream, file)
            size = file.tell()
    except BaseException:
        os.remove(target)
        raise
    return StoredFile(_base_name(upload.filename or ""), f"{folder}/{os.path.basename(target)}", content_type, size)


def remove(path: str) -> None:
    """Remove a file that no row has any more."""
    rows = db.session.scalar(select(func.count()).select_from(Attachment).where(Attachment.path == path))
    target = full_path(path)
    if rows == 0 and os.path.exists(target):
        os.remove(target)


def send(path: str, role: Role) -> ResponseReturnValue:
    """Answer with a file, given by its absolute path."""
    with open(path, "rb") as file:
        kind = kind_of(file)
    if kind in role.types:
        response = send_file(path, mimetype=kind)
    else:
        response = send_file(path, mimetype="application/octet-stream", as_attachment=True)
    response.headers.set("X-Content-Type-Options", "nosniff")
    return response


def _base_name(name: str) -> str:
    for separator in "/\\":
        name = name.split(separator)[-1]
    return name if name not in ("", ".", "..") else "unnamed"
