"""`Idempotency-Key`: a client that does not know whether its POST arrived sends it again, and gets the same submission.

A key belongs to the token it was sent with. The store keeps its digest in the transaction that stores the submission,
once for all processes that serve the API.
"""

from __future__ import annotations

import hashlib


def key_digest(key: str | None) -> str | None:
    """The digest under which a key is remembered; None without one."""
    return None if key is None else hashlib.sha256(key.encode()).hexdigest()
