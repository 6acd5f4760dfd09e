"""A submission's changed files as bytes, and back.

Format 1: `MBX1`, then a zlib stream of one line of JSON, `[[path, size], …]` in path order, and the contents in that
order. The same files give the same bytes. A zip would be readable with more tools, but rewrites names on the way in.
"""

from __future__ import annotations

import json
import zlib

from runner.submissions.model import Submission
from store.errors import ContentDamaged

MAGIC = b"MBX1"


def encode(submission: Submission) -> bytes:
    """The submission as bytes."""
    paths = submission.paths
    index = json.dumps([[path, len(submission.files[path])] for path in paths], separators=(",", ":"))
    return MAGIC + zlib.compress(b"\n".join([index.encode(), b"".join(submission.files[p] for p in paths)]))


def decode(data: bytes, expected_digest: str) -> Submission:
    """The submission again. Raises ContentDamaged when it is not the one with `expected_digest`."""
    try:
        if data[: len(MAGIC)] != MAGIC:
            raise ValueError("unknown format")
        index, _, contents = zlib.decompress(data[len(MAGIC) :]).partition(b"\n")
        files: dict[str, bytes] = {}
        start = 0
        for path, size in json.loads(index):
            files[path] = contents[start : start + size]
            start += size
    except (ValueError, TypeError, zlib.error) as error:
        raise ContentDamaged(f"a stored submission can't be read: {error}") from error
    submission = Submission(files)
    if submission.digest != expected_digest:
        raise ContentDamaged(
            f"a stored submission has digest {submission.digest}, but was stored as {expected_digest}",
            hint="restore the database from a backup",
        )
    return submission
