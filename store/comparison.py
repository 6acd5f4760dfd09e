"""What a comparison of all submissions to one challenge reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from runner.submissions.model import Submission
from store.content import decode
from store.engine import Database
from store.errors import ContentDamaged
from store.records import ComparedSubmission, Role, owner_of
from store.tables import SubmissionRow, TokenRow

#: Contents that are in memory at a time.
_BATCH = 50


class Comparison:
    """Submissions by challenge, with whose work each is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submissions(self, challenge: str, *, most: int) -> list[ComparedSubmission]:
        """The newest submissions to a challenge, oldest first.

        A candidate's all have one owner, also where the candidate was given several tokens. What others sent is nobody
        in particular's: each is compared with all.
        """
        query = (
            select(
                SubmissionRow.id,
                SubmissionRow.submission_digest,
                SubmissionRow.variant,
                TokenRow.id,
                TokenRow.role,
                TokenRow.candidate,
            )
            .outerjoin(TokenRow, TokenRow.id == SubmissionRow.token_id)
            .where(SubmissionRow.challenge == challenge)
            .order_by(SubmissionRow.submitted_at.desc(), SubmissionRow.id.desc())
            .limit(most)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            ComparedSubmission(identity, digest, _owner(identity, token, role, candidate), variant)
            for identity, digest, variant, token, role, candidate in reversed(rows)
        ]

    def contents(self, ids: Sequence[str]) -> Iterator[tuple[str, Submission | None]]:
        """These submissions, some at a time; None for one that is not what was stored."""
        for start in range(0, len(ids), _BATCH):
            query = select(SubmissionRow.id, SubmissionRow.submission_digest, SubmissionRow.content).where(
                SubmissionRow.id.in_(ids[start : start + _BATCH])
            )
            with self._database.reading() as connection:
                rows = connection.execute(query).all()
            for identity, digest, content in rows:
                yield identity, _decoded(content, digest)


def _owner(identity: str, token: str | None, role: Role | None, candidate: str | None) -> str:
    if role is not Role.CANDIDATE or token is None:
        return f"submission {identity}"
    return owner_of(token, candidate)


def _decoded(content: bytes, digest: str) -> Submission | None:
    try:
        return decode(content, digest)
    except ContentDamaged:
        return None
