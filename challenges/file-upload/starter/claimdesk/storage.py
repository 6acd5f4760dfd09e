"""The files themselves, below EVIDENCE_DIR: photos in a folder for each claim, estimates in one for all."""

from __future__ import annotations

import os
from dataclasses import dataclass

from flask import current_app
from werkzeug.datastructures import FileStorage

from claimdesk.errors import ApiError

PHOTO_EXTENSIONS = {"jpg", "jpeg", "png", "webp"}


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


def store_photo(upload: FileStorage, folder: str) -> StoredFile:
    """Check and store a photo. Raises ApiError 413 or 415."""
    if upload.content_length > current_app.config["MAX_PHOTO_BYTES"]:
        raise ApiError(413, "too_large", "The photo is too large.")
    extension = _extension(upload.filename)
    # Some phones send names without an extension.
    if extension not in PHOTO_EXTENSIONS and not upload.mimetype.startswith("image/"):
        raise ApiError(415, "unsupported_type", "A photo must be a JPEG, PNG or WebP file.")
    return _store(upload, folder)


def store_estimate(upload: FileStorage) -> StoredFile:
    """Check and store an estimate. Raises ApiError 413 or 415."""
    if upload.content_length > current_app.config["MAX_ESTIMATE_BYTES"]:
        raise ApiError(413, "too_large", "The estimate is too large.")
    if _extension(upload.filename) != "pdf" and upload.mimetype != "application/pdf":
        raise ApiError(415, "unsupported_type", "An estimate must be a PDF file.")
    return _store(upload, "estimates")


def _extension(filename: str | None) -> str:
    return (filename or "").rpartition(".")[2].lower()


def _store(upload: FileStorage, folder: str) -> StoredFile:
    name = upload.filename or "unnamed"
    path = f"{folder}/{name}"
    target = full_path(path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    data = upload.read()
    with open(target, "wb") as file:
        file.write(data)
    return StoredFile(name, path, upload.mimetype, len(data))
