"""Which gradings people go by: all but those of a regrade that is not applied.

Every query that looks for the grade that counts has one of these conditions.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import aliased

from store.regraded import RegradeState
from store.states import GradingState
from store.tables import GradingRow, RegradeRow, SubmissionRow


@dataclass(frozen=True, slots=True)
class AsIf:
    """To look at grades as if a regrade were applied, or as if it were not, whatever it is."""

    regrade: str
    applied: bool


def counts(grading: type[GradingRow] = GradingRow, as_if: AsIf | None = None) -> ColumnElement[bool]:
    """Whether a grading is of no regrade; or is of one that is applied, and has a grade.

    One of a regrade that the platform failed at never counts: the grade before it does.
    """
    applied = select(RegradeRow.id).where(RegradeRow.state == RegradeState.APPLIED).correlate(None)
    if as_if is not None and not as_if.applied:
        applied = applied.where(RegradeRow.id != as_if.regrade)
    held: ColumnElement[bool] = grading.regrade_id.in_(applied)
    if as_if is not None and as_if.applied:
        held = or_(held, grading.regrade_id == as_if.regrade)
    return or_(grading.regrade_id.is_(None), and_(grading.state == GradingState.GRADED, held))


def last_attempt(*, graded: bool = False, as_if: AsIf | None = None) -> ScalarSelect[int]:
    """The number of a submission's last grading that counts, in whatever state or among those with a grade.

    To be used in a query that has `SubmissionRow`.
    """
    other = aliased(GradingRow)
    query = select(func.max(other.attempt)).where(other.submission_id == SubmissionRow.id, counts(other, as_if))
    if graded:
        query = query.where(other.state == GradingState.GRADED)
    return query.correlate(SubmissionRow).scalar_subquery()
