"""What candidates explain and assessors think of it, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: Characters of one answer, of a review's remark, of a note or of a decision's reason.
#: Three answers of it fit into a form in any writing.
MOST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a candidate wrote about their fix of a challenge: what was wrong, why this fix, and what they would do next.

    `changed_at`: None where there is none yet.
    """

    cause: str = ""
    choice: str = ""
    outlook: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A reviewer's points by criterion: see `runner.assessments.rubric`. `reviewer`: a user's id."""

    reviewer: str
    points: Mapping[str, int]
    remark: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ToReview:
    """A candidate who explained something and has fewer reviews than make a score. `written_at`: the last change."""

    token_id: str
    written_at: datetime
    reviews: int


class NoteKind(StrEnum):
    """What a note says: only something, or how it goes on with the candidate."""

    NOTE = "note"
    ADVANCE = "advance"
    HOLD = "hold"
    DECLINE = "decline"


class Side(StrEnum):
    """In which file a comment's line counts: the starter's, or the submission's."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file of a submission, from 1."""

    path: str
    side: Side
    line: int


@dataclass(frozen=True, slots=True)
class CommentRecord:
    """What an assessor says of a line. `author`: a user's id. `changed_at`: None where it is as it was written."""

    id: str
    submission_id: str
    place: Place
    author: str
    text: str
    at: datetime
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A note about a candidate, or a decision with its reason. `author`: a user's id."""

    author: str
    kind: NoteKind
    text: str
    at: datetime
