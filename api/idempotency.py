"""`Idempotency-Key`: a client that does not know whether its POST arrived sends it again, and gets the same submission.

A key belongs to the token it was sent with. Which submission it made is written into the audit trail, where it can be
found by the key's digest; the key itself is kept nowhere. Requests with the same key take turns within a process.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from store.records import AuditFilter, Deed, SubmissionRecord
from store.store import Store

_ACTION = "submission.keyed"
_KIND = "idempotency-key"


class IdempotencyKeys:
    """Remembers which submission a key made."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turns = [threading.Lock() for _ in range(64)]

    @contextmanager
    def turn(self, digest: str | None) -> Iterator[None]:
        """Hold this while looking for a key's submission and making it."""
        if digest is None:
            yield
            return
        with self._turns[int(digest[:8], 16) % len(self._turns)]:
            yield

    def find(self, digest: str, token_id: str) -> SubmissionRecord | None:
        """The submission that the key made, if it made one."""
        wanted = AuditFilter(actor=token_id, action=_ACTION, object_kind=_KIND, object_id=digest)
        made = self._store.audit.page(wanted, limit=1).items
        return self._store.submissions.get(str(made[0].deed.detail["submission"])) if made else None

    def remember(self, digest: str, token_id: str, submission_id: str) -> None:
        """The key made this submission."""
        self._store.audit.record(Deed(token_id, _ACTION, _KIND, digest, {"submission": submission_id}))


def key_digest(key: str | None, token_id: str) -> str | None:
    """The digest under which a key is remembered; None without one."""
    return None if key is None else hashlib.sha256(f"{token_id}\0{key}".encode()).hexdigest()
