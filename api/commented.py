"""Whose comments on lines an assessor sees: their own, and others' once these can sway no review of theirs."""

from __future__ import annotations

from collections.abc import Sequence

from api.context import caller, services
from runner.assessments.rubric import REVIEWERS
from runner.packages.manifest import Area
from store.reviewed import CommentRecord, ReviewRecord


def seen_by(
    me: str, comments: Sequence[CommentRecord], reviews: Sequence[ReviewRecord], *, is_explained: bool
) -> list[CommentRecord]:
    """Those that this assessor sees. `reviews`: of the candidate; `is_explained`: whether there is what to review,
    or may be.

    Others' are seen by whoever has given a review, and by all once there are as many as make a score or nothing is
    there to be reviewed. Pure.
    """
    is_open = not is_explained or len(reviews) >= REVIEWERS or any(each.reviewer == me for each in reviews)
    return [each for each in comments if is_open or each.author == me]


def comments_seen(token_id: str, comments: Sequence[CommentRecord]) -> list[CommentRecord]:
    """Those that the caller sees, of comments on what this candidate sent."""
    if not comments:
        return []
    reviews = services().store.reviews.of(token_id)
    record = services().store.invitations.of(token_id)
    counts = record is not None and bool(record.assessment.weight_of(Area.PROBLEM_SOLVING))
    # What is written may still come: comments are not to be read before by whoever reviews it then.
    is_explained = counts or bool(services().store.explanations.all_of(token_id))
    return seen_by(caller().id, comments, reviews, is_explained=is_explained)
