"""What waits: counts, places in the queue, and what the queue may have lost."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, func, literal, or_, select, tuple_

from store.engine import Database
from store.records import LostGrading, Priority
from store.states import GradingState
from store.tables import GradingRow, UtcDateTime


class Backlog:
    """The gradings that are not done, as a whole."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lost(self, *, queued_for_s: float, limit: int = 1000) -> list[LostGrading]:
        """Gradings that the queue may have lost, first the ones to be graded first.

        Those queued for longer than `queued_for_s`, and those running whose lease ran out. Claims are atomic, so it
        does no harm to queue one that was not lost.
        """
        now = self._database.now()
        query = (
            select(GradingRow.id, GradingRow.priority)
            .where(
                or_(
                    and_(
                        GradingRow.state == GradingState.QUEUED,
                        GradingRow.queued_at < now - timedelta(seconds=queued_for_s),
                    ),
                    and_(GradingRow.state == GradingState.RUNNING, GradingRow.lease_until < now),
                )
            )
            .order_by(GradingRow.priority, GradingRow.queued_at, GradingRow.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [LostGrading(row.id, Priority(row.priority)) for row in connection.execute(query)]

    def position(self, grading_id: str) -> int | None:
        """The grading's place among the queued, from 1; None when it is not queued."""
        with self._database.reading() as connection:
            mine = connection.execute(
                select(GradingRow.priority, GradingRow.queued_at).where(
                    GradingRow.id == grading_id, GradingRow.state == GradingState.QUEUED
                )
            ).one_or_none()
            if mine is None:
                return None
            ahead = connection.execute(
                select(func.count())
                .select_from(GradingRow)
                .where(
                    GradingRow.state == GradingState.QUEUED,
                    tuple_(GradingRow.priority, GradingRow.queued_at, GradingRow.id)
                    < tuple_(literal(mine.priority), literal(mine.queued_at, UtcDateTime), literal(grading_id)),
                )
            ).scalar_one()
        return int(ahead) + 1

    def oldest_queued_s(self) -> float:
        """For how long the grading that was queued first has waited; 0 where none waits."""
        query = select(func.min(GradingRow.queued_at)).where(GradingRow.state == GradingState.QUEUED)
        with self._database.reading() as connection:
            first = connection.execute(query).scalar_one()
        return max(0.0, (self._database.now() - first).total_seconds()) if first is not None else 0.0

    def counts(self) -> dict[GradingState, int]:
        """How many gradings are in each state; every state is there."""
        query = select(GradingRow.state, func.count()).group_by(GradingRow.state)
        with self._database.reading() as connection:
            found = {state: int(count) for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in GradingState}
