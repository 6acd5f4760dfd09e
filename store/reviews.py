"""What assessors think of a candidate: reviews, which never change, and notes and decisions, one after the other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Set

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from runner.assessments.rubric import REVIEWERS, checked
from store.assessment_tables import ExplanationRow, NoteRow, ReviewRow
from store.audit import write_deed
from store.engine import Database
from store.errors import Conflict
from store.records import Deed
from store.reviewed import NoteKind, NoteRecord, ReviewRecord, ToReview


class Reviews:
    """Reviews and notes by a candidate's token."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, token_id: str, reviewer: str, points: Mapping[str, int], remark: str) -> None:
        """Keep a review. Raises ValueError for points that are no review, Conflict where the reviewer gave one before:
        whoever has seen the other's could change their own to it.
        """
        values = checked(points)
        with self._database.writing() as connection:
            try:
                connection.execute(
                    insert(ReviewRow).values(
                        token_id=token_id, reviewer=reviewer, points=values, remark=remark, at=self._database.now()
                    )
                )
            except IntegrityError as error:
                raise Conflict("you have reviewed this candidate already", hint="write a note") from error
            # Without the points: who reads the trail may have a review to give.
            write_deed(connection, Deed(reviewer, "review.add", "token", token_id), self._database)

    def of(self, token_id: str) -> list[ReviewRecord]:
        """All of a candidate's, the first given first."""
        query = (
            select(ReviewRow.reviewer, ReviewRow.points, ReviewRow.remark, ReviewRow.at)
            .where(ReviewRow.token_id == token_id)
            .order_by(ReviewRow.at, ReviewRow.reviewer)
        )
        with self._database.reading() as connection:
            return [ReviewRecord(*row) for row in connection.execute(query)]

    def points_of(self, token_ids: Set[str]) -> Mapping[str, list[Mapping[str, int]]]:
        """The points of all reviews of each of these candidates, by token: one query for all."""
        found: dict[str, list[Mapping[str, int]]] = {token_id: [] for token_id in token_ids}
        if token_ids:
            query = select(ReviewRow.token_id, ReviewRow.points).where(ReviewRow.token_id.in_(sorted(token_ids)))
            with self._database.reading() as connection:
                for token_id, points in connection.execute(query):
                    found[token_id].append(points)
        return found

    def to_review(self, reviewer: str, *, limit: int = 50) -> list[ToReview]:
        """Whom this reviewer could review: who has fewer reviews than make a score, and none of theirs. The one whose
        text has not changed for longest comes first.
        """
        given = (
            select(func.count())
            .where(ReviewRow.token_id == ExplanationRow.token_id)
            .correlate(ExplanationRow)
            .scalar_subquery()
        )
        mine = (
            select(ReviewRow.token_id)
            .where(ReviewRow.token_id == ExplanationRow.token_id, ReviewRow.reviewer == reviewer)
            .correlate(ExplanationRow)
            .exists()
        )
        written = func.max(ExplanationRow.changed_at)
        query = (
            select(ExplanationRow.token_id, written, given)
            .where(given < REVIEWERS, ~mine)
            .group_by(ExplanationRow.token_id)
            .order_by(written)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [ToReview(*row) for row in connection.execute(query)]

    def note(self, token_id: str, author: str, kind: NoteKind, text: str) -> None:
        """Keep a note or a decision. A decision with its reason is in the audit trail, too."""
        with self._database.writing() as connection:
            connection.execute(
                insert(NoteRow).values(
                    id=uuid.uuid4().hex,
                    token_id=token_id,
                    author=author,
                    kind=kind,
                    text=text,
                    at=self._database.now(),
                )
            )
            decided = {"decision": kind, "reason": text} if kind is not NoteKind.NOTE else {}
            action = "candidate.note" if kind is NoteKind.NOTE else "candidate.decide"
            write_deed(connection, Deed(author, action, "token", token_id, decided), self._database)

    def notes(self, token_id: str) -> list[NoteRecord]:
        """All notes and decisions about a candidate, the last first."""
        query = (
            select(NoteRow.author, NoteRow.kind, NoteRow.text, NoteRow.at)
            .where(NoteRow.token_id == token_id)
            .order_by(NoteRow.at.desc(), NoteRow.id)
        )
        with self._database.reading() as connection:
            return [NoteRecord(row[0], NoteKind(row[1]), row[2], row[3]) for row in connection.execute(query)]

    def decisions(self, token_ids: Set[str]) -> dict[str, NoteKind]:
        """How it goes on with these candidates, by token: the last decision, one query for all."""
        if not token_ids:
            return {}
        query = (
            select(NoteRow.token_id, NoteRow.kind)
            .where(NoteRow.token_id.in_(sorted(token_ids)), NoteRow.kind != NoteKind.NOTE)
            .order_by(NoteRow.at, NoteRow.id)
        )
        with self._database.reading() as connection:
            return {token_id: NoteKind(kind) for token_id, kind in connection.execute(query)}
