"""Files as frames carry them: a listing of `[path, size]` in the header, the contents one after the other as body."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def write_files(root: Path, listing: Sequence[Sequence[str | int]], contents: bytes) -> None:
    """Write them below `root`. Paths were checked by the host; nobody else has run in the container yet."""
    offset = 0
    for path, size in listing:
        target = root / str(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents[offset : offset + int(size)])
        offset += int(size)
