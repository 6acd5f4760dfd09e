"""`Idempotency-Key`: a client that does not know whether its POST arrived sends it again, and gets the same submission.

A key belongs to the token it was sent with. The store keeps its digest, and the request's, in the transaction that
stores the submission, once for all processes that serve the API. The same request again is known by its bytes, before
the challenge is looked at: that may have changed meanwhile.
"""

from __future__ import annotations

import hashlib

from api.uploads import SubmissionForm
from runner.submissions.uploads import DirectoryUpload
from store.records import IdempotencyKey


def key_of(key: str | None, form: SubmissionForm) -> IdempotencyKey | None:
    """What is remembered of a request with this key; None without one."""
    if key is None:
        return None
    request = hashlib.sha256(f"{form.challenge}\0{form.source}\0".encode())
    if form.variant is not None:
        request.update(f"{form.variant}\0".encode())
    if isinstance(form.upload, DirectoryUpload):
        for entry in form.upload.entries:
            size = "folder" if entry.data is None else len(entry.data)
            request.update(f"{entry.path}\0{size}\0".encode())
            request.update(entry.data or b"")
    else:
        request.update(form.upload.data)
    return IdempotencyKey(hashlib.sha256(key.encode()).hexdigest(), request.hexdigest())
