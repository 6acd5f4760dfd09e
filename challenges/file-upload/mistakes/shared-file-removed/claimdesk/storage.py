"""The files themselves. They are kept below EVIDENCE_DIR: photos in a folder for each claim, estimates in one for all.

Names on disk are made up here; what the sender calls a file is only ever shown. Files from before have the sender's.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from flask import Response, current_app, send_file
from werkzeug.datastructures import FileStorage

from claimdesk.errors import ApiError
from claimdesk.kinds import ESTIMATE_TYPES, PHOTO_TYPES, content_type_of
from claimdesk.models import Attachment

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


@dataclass(frozen=True)
class StoredFile:
    """What a row needs to know of a file that was stored."""

    name: str
    path: str
    content_type: str
    size: int


class Store:
    """The files of one request."""

    def __init__(self) -> None:
        self._written: list[str] = []

    def photo(self, upload: FileStorage, folder: str) -> StoredFile:
        """Check and store a photo. Raises ApiError 413 or 415."""
        return self._store(upload, folder, PHOTO_TYPES, current_app.config["MAX_PHOTO_BYTES"])

    def estimate(self, upload: FileStorage) -> StoredFile:
        """Check and store an estimate. Raises ApiError 413 or 415."""
        return self._store(upload, "estimates", ESTIMATE_TYPES, current_app.config["MAX_ESTIMATE_BYTES"])

    def discard(self) -> None:
        for target in self._written:
            with suppress(FileNotFoundError):
                os.remove(target)

    def _store(self, upload: FileStorage, folder: str, types: set[str], limit: int) -> StoredFile:
        size = upload.stream.seek(0, os.SEEK_END)
        if size > limit:
            raise ApiError(413, "too_large", f"A file may have {limit} bytes.")
        content_type = content_type_of(upload.stream)
        if content_type not in types:
            raise ApiError(415, "unsupported_type", f"A file must be one of {', '.join(sorted(types))}.")

        path = f"{folder}/{uuid.uuid4().hex}.{EXTENSIONS[content_type]}"
        target = full_path(path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        self._written.append(target)
        upload.save(target)
        return StoredFile(shown_name(upload.filename), path, content_type, size)


@contextmanager
def storing() -> Iterator[Store]:
    """A store whose files are removed again when the block raises."""
    store = Store()
    try:
        yield store
    except BaseException:
        store.discard()
        raise


def shown_name(filename: str | None) -> str:
    """What a file is called: the last part of what the sender said."""
    name = re.split(r"[/\\]", filename or "")[-1]
    return "unnamed" if name in ("", ".", "..") else name


def full_path(path: str) -> str:
    """A path relative to EVIDENCE_DIR as an absolute one."""
    return os.path.join(current_app.config["EVIDENCE_DIR"], path)


def remove_unused(path: str) -> None:
    """Remove the file of a row that is gone."""
    with suppress(FileNotFoundError):
        os.remove(full_path(path))


def answer_with(attachment: Attachment) -> Response:
    """The file itself, as what it is and nothing else."""
    path = full_path(attachment.path)
    if not os.path.isfile(path):
        raise ApiError(404, "file_not_found", f"The file of {attachment.name} is not there.")
    with open(path, "rb") as file:
        content_type = content_type_of(file)
    if content_type in (PHOTO_TYPES if attachment.role == "photo" else ESTIMATE_TYPES):
        response = send_file(path, mimetype=content_type)
    else:
        response = send_file(
            path, mimetype="application/octet-stream", as_attachment=True, download_name=attachment.name
        )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
