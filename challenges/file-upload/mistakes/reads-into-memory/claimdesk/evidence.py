"""A piece of evidence: bytes, what they are, and where they go."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import current_app
from werkzeug.datastructures import FileStorage

from claimdesk.errors import ApiError

MAGIC = {
    "image/jpeg": lambda data: data[:3] == b"\xff\xd8\xff",
    "image/png": lambda data: data[:8] == b"\x89PNG\r\n\x1a\n",
    "image/webp": lambda data: data[:4] + data[8:12] == b"RIFFWEBP",
    "application/pdf": lambda data: data[:5] == b"%PDF-",
}


class Evidence:
    """What was sent in one part of a form."""

    def __init__(self, part: FileStorage) -> None:
        self.data = part.stream.read()
        last = (part.filename or "").replace("\\", "/").split("/").pop()
        self.name = "unnamed" if last in {"", ".", ".."} else last
        self.kind = next((kind for kind, fits in MAGIC.items() if fits(self.data)), "unknown")

    def must_be(self, kinds: str, setting: str) -> Evidence:
        """Raises ApiError 413 or 415."""
        most = current_app.config[setting]
        if len(self.data) > most:
            raise ApiError(413, "too_large", f"{self.name} has {len(self.data)} bytes, {most} are allowed.")
        if not self.kind.startswith(kinds):
            raise ApiError(415, "unsupported_type", f"{self.name} is not of the kind {kinds}.")
        return self

    def put(self, folder: str) -> str:
        """Write it into a folder of EVIDENCE_DIR; gives the path in there."""
        root = Path(current_app.config["EVIDENCE_DIR"])
        (root / folder).mkdir(parents=True, exist_ok=True)
        place = f"{folder}/{secrets.token_hex(12)}"
        (root / place).write_bytes(self.data)
        return place

    def columns(self, path: str) -> dict[str, object]:
        return {"name": self.name, "path": path, "content_type": self.kind, "size": len(self.data)}
